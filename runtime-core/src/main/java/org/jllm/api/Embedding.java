package org.jllm.api;

/**
 * The vector of a text. The array is not copied.
 *
 * @param vector of {@link EmbeddingModel#dimensions} finite numbers, or as many as were asked for
 * @param tokens that the model read, special ones and a prompt included
 * @param truncated whether the text was longer than what the model takes, and cut
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Embedding(float[] vector, int tokens, boolean truncated) implements EmbeddingResult {
    /** The cosine of the angle between two vectors of one size, -1 to 1; 0 where one of them has no length. */
    public double cosine(Embedding other) {
        return Similarity.cosine(vector, other.vector);
    }
}
