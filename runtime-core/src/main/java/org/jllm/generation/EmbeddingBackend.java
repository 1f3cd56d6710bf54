package org.jllm.generation;

import java.util.List;

/**
 * A loaded model that makes vectors of texts: ids in, embeddings out. It knows nothing of tokenizing or normalization: an
 * embedding has the length that the model gives it.
 *
 * <p>A text's embedding is pooled from the vectors of its tokens as the model's files say: their mean, the first or the
 * last of them; the mean where they say nothing.
 *
 * <p>Calls must not overlap: one thread at a time. Arguments that do not fit are an {@link IllegalArgumentException} before
 * anything native is touched; after {@link #close()} every call is an {@link IllegalStateException}.
 */
public interface EmbeddingBackend extends AutoCloseable {
    /** Elements of an embedding. */
    int embeddingSize();

    /** Most tokens of a text. */
    int contextLength();

    /**
     * Computes embeddings; texts are batched as the engine likes.
     *
     * @param texts the ids of each, with the special ones that the model wants; 1 to {@link #contextLength} of them
     * @return a row of {@link #embeddingSize} numbers for each text, in their order
     */
    float[][] embed(List<int[]> texts);

    /** Frees everything. Closing twice is fine. */
    @Override
    void close();
}
