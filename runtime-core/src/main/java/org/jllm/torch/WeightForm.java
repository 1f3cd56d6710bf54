package org.jllm.torch;

/**
 * How an engine keeps weights.
 *
 * @param precision the type that it computes in
 * @param quantization what matrices are rounded to
 * @param device where all is: {@code cpu} or {@code cuda:N}
 */
record WeightForm(Precision precision, Quantization quantization, String device) {
    /** Whether a tensor is packed for a kernel; else it is used in the type that is computed in. */
    boolean packs(TensorSpec spec) {
        return quantization != Quantization.NONE && spec.isMatrix();
    }
}
