package org.jllm.torch;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor that an architecture wants from a checkpoint.
 *
 * @param inputsFirst whether it is a matrix that Transformers keeps as [inputs, outputs], in a Conv1D; else a matrix is
 *     [outputs, inputs]
 * @param float32 whether it stays float32 whatever the engine computes in
 */
record TensorSpec(String name, List<Long> shape, boolean inputsFirst, boolean float32) {
    static TensorSpec of(String name, long... shape) {
        return new TensorSpec(name, sizes(shape), false, false);
    }

    /** The matrix of a Conv1D. */
    static TensorSpec inputsFirst(String name, long inputs, long outputs) {
        return new TensorSpec(name, List.of(inputs, outputs), true, false);
    }

    static TensorSpec float32(String name, long... shape) {
        return new TensorSpec(name, sizes(shape), false, true);
    }

    private static List<Long> sizes(long... shape) {
        return Arrays.stream(shape).boxed().toList();
    }
}
