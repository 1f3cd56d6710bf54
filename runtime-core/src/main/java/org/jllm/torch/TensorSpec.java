package org.jllm.torch;

import java.util.Arrays;
import java.util.List;

/** A tensor that an architecture wants from a checkpoint. */
record TensorSpec(String name, List<Long> shape, Use use) {
    /** What the script does with a tensor. */
    enum Use {
        /** Anything else; a matrix is [outputs, inputs]. */
        VALUES,
        /** It stays float32 whatever the engine computes in. */
        FLOAT32,
        /** The script asks for it as a projection alone, so that it may be packed; a matrix [outputs, inputs, …]. */
        MATRIX,
        /** The same of a matrix that is kept as [inputs, outputs, …], as in a Conv1D. */
        MATRIX_INPUTS_FIRST
    }

    static TensorSpec of(String name, long... shape) {
        return new TensorSpec(name, sizes(shape), Use.VALUES);
    }

    static TensorSpec matrix(String name, long... shape) {
        return new TensorSpec(name, sizes(shape), Use.MATRIX);
    }

    static TensorSpec inputsFirst(String name, long... shape) {
        return new TensorSpec(name, sizes(shape), Use.MATRIX_INPUTS_FIRST);
    }

    static TensorSpec float32(String name, long... shape) {
        return new TensorSpec(name, sizes(shape), Use.FLOAT32);
    }

    boolean isInputsFirst() {
        return use == Use.MATRIX_INPUTS_FIRST;
    }

    boolean isMatrix() {
        return use == Use.MATRIX || use == Use.MATRIX_INPUTS_FIRST;
    }

    private static List<Long> sizes(long... shape) {
        return Arrays.stream(shape).boxed().toList();
    }
}
