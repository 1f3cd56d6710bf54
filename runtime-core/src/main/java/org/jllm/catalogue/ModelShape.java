package org.jllm.catalogue;

/**
 * What decides how much memory a decoder's cache takes.
 *
 * @param layers that keep keys and values, at least 1
 * @param width of an embedding
 * @param heads of the queries
 * @param keyHeads heads of the keys and values, from 1 to {@code heads}
 */
public record ModelShape(int layers, int width, int heads, int keyHeads) {
    /** Keys and values of one position: so many numbers. */
    public long cacheValuesPerPosition() {
        return 2L * layers * width * keyHeads / heads;
    }
}
