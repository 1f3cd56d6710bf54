package org.jllm.checkpoint;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A matrix of four bits as bitsandbytes writes it. Number {@code n} of the matrix, counted row by row, is
 * {@code levels[q[n]] * magnitude[n / blockSize]}; of two numbers in a byte the first has the high half.
 *
 * @param packed bytes, two numbers each
 * @param magnitudes one a block: float32, or uint8 where they are quantised once more
 * @param levels float32 [16]
 * @param nested how the magnitudes are quantised; null: they are not
 * @param kind {@code nf4} or {@code fp4}
 * @param type of the matrix before it was quantised
 * @param outputs rows of the matrix
 * @param inputs columns of the matrix
 * @param inputsFirst whether the model keeps the weight as [inputs, outputs] (Transformers' Conv1D), not [outputs, inputs]
 */
public record FourBitWeight(
        StoredTensor packed,
        StoredTensor magnitudes,
        StoredTensor levels,
        @Nullable Nested nested,
        String kind,
        long blockSize,
        ElementType type,
        long outputs,
        long inputs,
        boolean inputsFirst)
        implements QuantizedWeight {
    /**
     * Magnitudes of 8 bits: {@code levels[q[b]] * magnitudes[b / blockSize] + offset}.
     *
     * @param magnitudes float32, one a block
     * @param levels float32 [256]
     */
    public record Nested(StoredTensor magnitudes, StoredTensor levels, long blockSize, double offset) {}

    @Override
    public List<Long> shape() {
        return inputsFirst ? List.of(inputs, outputs) : List.of(outputs, inputs);
    }

    @Override
    public List<StoredTensor> parts() {
        return nested == null
                ? List.of(packed, magnitudes, levels)
                : List.of(packed, magnitudes, levels, nested.magnitudes(), nested.levels());
    }

    @Override
    public Path file() {
        return packed.file();
    }

    @Override
    public String form() {
        return "bitsandbytes " + kind + ", blocks of " + blockSize + (nested == null ? "" : ", doubly quantised");
    }
}
