package org.jllm.torch;

import java.util.Arrays;
import java.util.List;

/**
 * A tensor that an architecture wants from a checkpoint.
 *
 * @param stack name of the first of the matrices that get the same rows, and that may be packed as one; its own where there is
 *     no other
 */
record TensorSpec(String name, List<Long> shape, Use use, String stack) {
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
        return new TensorSpec(name, sizes(shape), Use.VALUES, name);
    }

    static TensorSpec matrix(String name, long... shape) {
        return new TensorSpec(name, sizes(shape), Use.MATRIX, name);
    }

    static TensorSpec inputsFirst(String name, long... shape) {
        return new TensorSpec(name, sizes(shape), Use.MATRIX_INPUTS_FIRST, name);
    }

    static TensorSpec float32(String name, long... shape) {
        return new TensorSpec(name, sizes(shape), Use.FLOAT32, name);
    }

    /** The same in a stack. */
    TensorSpec in(String first) {
        return new TensorSpec(name, shape, use, first);
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
