package org.jllm.api;

import java.util.List;

/**
 * Documents by how well they answer a query.
 *
 * @param documents the best first
 * @param queryTokens that the model read of the query
 * @param queryTruncated whether the query was longer than what the model takes, and cut
 */
public record Ranking(List<RankedDocument> documents, int queryTokens, boolean queryTruncated) {
    public Ranking {
        documents = List.copyOf(documents);
    }

    /** Tokens of the query and of all documents. */
    public int tokens() {
        return queryTokens + documents.stream().mapToInt(RankedDocument::tokens).sum();
    }

    /**
     * A document and its score.
     *
     * @param index of the document as it was given, from 0
     * @param score the cosine, -1 to 1; of a model that compares token by token the sum over the query's tokens
     * @param tokens that the model read of it
     * @param truncated whether it was longer than what the model takes, and cut
     */
    public record RankedDocument(int index, double score, int tokens, boolean truncated) {}
}
