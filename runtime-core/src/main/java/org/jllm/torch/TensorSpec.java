package org.jllm.torch;

import java.util.Arrays;
import java.util.List;

/** A tensor that an architecture wants from a checkpoint. */
record TensorSpec(String name, List<Long> shape) {
    static TensorSpec of(String name, long... shape) {
        return new TensorSpec(name, Arrays.stream(shape).boxed().toList());
    }
}
