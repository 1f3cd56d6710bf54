package org.jllm.api;

import java.util.List;

/** Sorts documents by how well they answer a query. Safe for use by several threads. */
public interface Reranker {
    /**
     * The documents, the best first; of two that score the same, the one that was given first.
     *
     * @param documents any number of them; longer ones than the model takes are cut, which the result says
     * @throws InvalidRequestException if the query or a document is empty to the model
     */
    Ranking rank(String query, List<String> documents);
}
