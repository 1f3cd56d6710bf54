package org.jllm.generation;

/**
 * The logits of the rows of a step that wanted them, in the order of the rows. Valid until the next step of the engine
 * that gave them; read later, they are an {@link IllegalStateException}.
 */
public interface Logits {
    /** Number of rows that wanted logits. */
    int rows();

    /** Copies a row into the first {@code vocabularySize} elements of {@code into}. */
    void read(int row, float[] into);
}
