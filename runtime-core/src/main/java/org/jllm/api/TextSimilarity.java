package org.jllm.api;

import java.util.List;

/**
 * A loaded model that tells how alike texts are: the cosine of their vectors, as an {@link EmbeddingModel} makes them. Safe for use by several threads; their texts are computed together.
 */
public interface TextSimilarity extends AutoCloseable {
    /** The name that it was opened by. */
    String name();

    /**
     * How alike a text is to each of others, -1 to 1.
     *
     * @throws InvalidRequestException if a text is too long
     */
    List<Double> similarities(String text, List<String> others);

    /** How alike two texts are, -1 to 1. */
    default double similarity(String first, String second) {
        return similarities(first, List.of(second)).get(0);
    }

    /** Frees the model. */
    @Override
    void close();
}
