package org.jllm.torch;

import java.nio.FloatBuffer;
import org.jllm.generation.Logits;
import org.jspecify.annotations.Nullable;

/** The logits of one step, read from libtorch's own memory until the next step overwrites them. */
final class TorchLogits implements Logits {
    private final int rows;
    private final int vocabularySize;
    private @Nullable FloatBuffer values;

    /** @param values at least {@code rows} × {@code vocabularySize} numbers, which must live until {@link #expire()} */
    TorchLogits(FloatBuffer values, int rows, int vocabularySize) {
        this.values = values;
        this.rows = rows;
        this.vocabularySize = vocabularySize;
    }

    void expire() {
        values = null;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public void read(int row, float[] into) {
        if (row < 0 || row >= rows) {
            throw new IllegalArgumentException("row " + row + " of " + rows + " rows with logits");
        }
        FloatBuffer current = values;
        if (current == null) {
            throw new IllegalStateException("these logits were overwritten by a later step");
        }
        current.get(row * vocabularySize, into, 0, vocabularySize);
    }
}
