package org.jllm.torch;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jllm.checkpoint.ElementType;

/**
 * What a processor makes of the type of a file where no setting says it. Figures are in docs/performance.md: without
 * instructions for a half type, products in it are 4 to 7 times slower than in float32, while matrices of float16 that are
 * multiplied in float32 are as fast as float32 for many rows and faster for one.
 *
 * @param reason for people
 */
record ProcessorChoice(Precision precision, Quantization quantization, String reason) {
    private static final List<String> BFLOAT16 = List.of("avx512_bf16", "amx_bf16");
    private static final List<String> FLOAT16 = List.of("avx512_fp16");
    /** FBGEMM, which multiplies with matrices of float16, asks for these. */
    private static final List<String> FBGEMM = List.of("avx2", "f16c", "fma");

    /**
     * The choice.
     *
     * @param instructions of the processor, as {@link org.jllm.machine.Machine#instructionSets} names them; none if unknown
     */
    static ProcessorChoice of(ElementType stored, Collection<String> instructions) {
        Precision own = Precision.of("auto", stored);
        if (own == Precision.FLOAT32 || !instructions.containsAll(FBGEMM)) {
            return new ProcessorChoice(own, Quantization.NONE, "as stored");
        }
        Optional<String> fast = (own == Precision.BFLOAT16 ? BFLOAT16 : FLOAT16)
                .stream().filter(instructions::contains).findFirst();
        return fast.map(instruction -> new ProcessorChoice(own, Quantization.NONE, instruction))
                .orElseGet(() -> new ProcessorChoice(
                        Precision.FLOAT32, Quantization.FP16, "the processor has no instructions for " + own));
    }

    static boolean multipliesBfloat16(Collection<String> instructions) {
        return BFLOAT16.stream().anyMatch(instructions::contains);
    }

    /** In one line. */
    String text() {
        return precision + (quantization == Quantization.NONE ? "" : " with matrices in " + quantization) + " ("
                + reason + ")";
    }
}
