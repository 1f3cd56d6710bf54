package org.jllm.api;

/**
 * The vectors of a text's tokens, for comparison token by token (late interaction). The arrays are not copied.
 *
 * @param ids of the tokens that have a vector
 * @param vectors a row for each of them
 * @param tokens that the model read, those without a vector included
 * @param truncated whether the text was longer than what the model takes, and cut
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TokenEmbeddings(int[] ids, float[][] vectors, int tokens, boolean truncated) implements EmbeddingResult {
    /** How well a document answers this query: {@link Similarity#maxSim}. */
    public double maxSim(TokenEmbeddings document) {
        return Similarity.maxSim(vectors, document.vectors);
    }
}
