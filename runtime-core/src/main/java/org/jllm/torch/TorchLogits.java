package org.jllm.torch;

import ai.djl.pytorch.engine.PtNDArray;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.jllm.generation.Logits;
import org.jspecify.annotations.Nullable;

/** The logits of one step, read from libtorch's own memory until the next step frees it. */
final class TorchLogits implements Logits {
    private final int rows;
    private final int vocabularySize;
    private @Nullable FloatBuffer values;

    /** Logits of no row. */
    TorchLogits() {
        rows = 0;
        vocabularySize = 0;
    }

    /** @param array float32 [rows, vocabularySize], which must live until {@link #expire()} */
    TorchLogits(PtNDArray array, int rows, int vocabularySize) {
        this.rows = rows;
        this.vocabularySize = vocabularySize;
        values = array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
        if (values.remaining() != rows * (long) vocabularySize) {
            throw new IllegalStateException("the script gave " + values.remaining() + " logits for " + rows + " rows");
        }
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
