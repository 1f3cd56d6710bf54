package org.jllm.torch;

import ai.djl.pytorch.engine.PtNDArray;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Reads a float32 tensor row by row. */
final class FloatRows {
    private final FloatBuffer values;

    FloatRows(PtNDArray tensor) {
        values = tensor.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** Values that are not read yet. */
    int remaining() {
        return values.remaining();
    }

    /** The next rows, each of so many values. */
    float[][] next(int count, int width) {
        float[][] rows = new float[count][width];
        for (float[] row : rows) {
            values.get(row);
        }
        return rows;
    }
}
