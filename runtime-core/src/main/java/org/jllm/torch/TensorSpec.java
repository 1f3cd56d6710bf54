package org.jllm.torch;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor that an architecture wants from a checkpoint.
 *
 * @param float32 whether it stays float32 whatever the engine computes in
 */
record TensorSpec(String name, List<Long> shape, boolean float32) {
    static TensorSpec of(String name, long... shape) {
        return new TensorSpec(name, list(shape), false);
    }

    static TensorSpec float32(String name, long... shape) {
        return new TensorSpec(name, list(shape), true);
    }

    private static List<Long> list(long... shape) {
        return Arrays.stream(shape).boxed().toList();
    }
}
