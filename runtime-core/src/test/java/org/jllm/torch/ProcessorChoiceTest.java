package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jllm.checkpoint.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which type files are computed in, by what a processor can do. */
class ProcessorChoiceTest {
    private static final String AVX2 = "avx2 fma f16c";

    @ParameterizedTest
    @CsvSource({
        "BF16, avx512f avx512_bf16, BFLOAT16, NONE",
        "BF16, amx_bf16, BFLOAT16, NONE",
        "BF16, avx512f avx512_vnni, FLOAT32, FP16",
        "BF16, '', FLOAT32, FP16",
        "F16, avx512_fp16, FLOAT16, NONE",
        "F16, avx512_bf16, FLOAT32, FP16",
        "F32, '', FLOAT32, NONE",
        "F32, avx512_bf16, FLOAT32, NONE",
        "I8, '', FLOAT32, NONE"
    })
    void halfTypesNeedInstructions(ElementType stored, String more, Precision precision, Quantization quantization) {
        ProcessorChoice choice = ProcessorChoice.of(stored, List.of((AVX2 + ' ' + more).split(" ")));
        assertThat(choice.precision()).isEqualTo(precision);
        assertThat(choice.quantization()).isEqualTo(quantization);
    }

    @Test
    void anUnknownProcessorGetsWhatIsStored() {
        assertThat(ProcessorChoice.of(ElementType.BF16, List.of()).text()).isEqualTo("bfloat16 (as stored)");
        assertThat(ProcessorChoice.of(ElementType.F16, List.of("asimd", "bf16")).text())
                .isEqualTo("float16 (as stored)");
    }

    @Test
    void saysWhy() {
        assertThat(ProcessorChoice.of(ElementType.BF16, List.of("avx2", "fma", "f16c"))
                        .text())
                .isEqualTo("float32 with matrices in fp16 (the processor has no instructions for bfloat16)");
        assertThat(ProcessorChoice.of(ElementType.BF16, List.of("avx2", "fma", "f16c", "avx512_bf16"))
                        .text())
                .isEqualTo("bfloat16 (avx512_bf16)");
    }
}
