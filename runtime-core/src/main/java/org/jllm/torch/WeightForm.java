package org.jllm.torch;

import org.jllm.api.LoadOptions;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.Weight;
import org.jllm.checkpoint.pack.PackFolder;
import org.jllm.machine.Machine;

/**
 * How an engine keeps weights.
 *
 * @param precision the type that it computes in
 * @param quantization what matrices are rounded to
 * @param reordered whether matrices that are not rounded are copied into the order in which the processor reads them fastest
 * @param device where all is: {@code cpu} or {@code cuda:N}
 * @param packs where packed matrices are kept from one load to the next
 */
record WeightForm(Precision precision, Quantization quantization, boolean reordered, String device, PackFolder packs) {
    /** Larger models are used where they lie in their files: to copy them takes longer than users wait for a first token. */
    private static final long MOST_REORDERED = 4L << 30;

    /** What settings ask for, and for what they leave open what suits the processor. */
    static WeightForm of(LoadOptions options, ModelWeights weights, String device) {
        String dtype = options.dtype() == null ? "auto" : options.dtype();
        ElementType stored = PreparedModel.type(weights);
        Precision precision = Precision.of(dtype, stored);
        Quantization quantization = Quantization.NONE;
        boolean onCpu = device.equals("cpu");
        if (onCpu && dtype.equals("auto")) {
            ProcessorChoice choice = ProcessorChoice.of(stored, Machine.instructionSets());
            precision = choice.precision();
            quantization = choice.quantization();
        }
        if (options.quantize() != null) {
            quantization = Quantization.of(options.quantize(), device);
        }
        boolean reordered = onCpu
                && quantization == Quantization.NONE
                && precision == Precision.BFLOAT16
                && bytes(weights, precision) <= MOST_REORDERED
                && ProcessorChoice.multipliesBfloat16(Machine.instructionSets());
        PackFolder packs = PackFolder.ofUser(options.packBytes());
        return new WeightForm(precision, quantization, reordered, device, packs);
    }

    private static long bytes(ModelWeights weights, Precision precision) {
        return weights.distinct().stream().mapToLong(Weight::elements).sum() * precision.bytes();
    }

    /** Whether a tensor is packed for a kernel; else it is used in the type that is computed in. */
    boolean packs(TensorSpec spec) {
        return spec.isMatrix() && (quantization != Quantization.NONE || reordered);
    }

    /** Bytes of an element of a matrix. */
    int matrixBytes() {
        return quantization == Quantization.NONE ? precision.bytes() : quantization.bytes();
    }

    /** The type that matrices are kept in. */
    String matrixType() {
        return quantization == Quantization.NONE ? precision.toString() : quantization.toString();
    }
}
