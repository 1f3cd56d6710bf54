package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.junit.jupiter.api.Test;

/** What may be asked for, and that each rounding has a kernel that is right on this processor. */
class QuantizationTest {
    @Test
    void refusesWhatIsNotThere() {
        assertThat(Quantization.of("int8", "cpu")).isEqualTo(Quantization.INT8);
        assertThat(Quantization.of("none", "cuda:0")).isEqualTo(Quantization.NONE);
        assertThatThrownBy(() -> Quantization.of("int3", "cpu"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("unknown quantize 'int3': use none, fp16, int8");
        assertThatThrownBy(() -> Quantization.of("int8", "cuda:0"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("quantize int8 needs the device cpu, not cuda:0: leave one of the two out");
    }

    @Test
    void anUnknownFormIsRefusedBeforeAnythingIsLoaded() {
        LoadOptions options = LoadOptions.builder().quantize("q4_0").build();
        assertThatThrownBy(() -> new TransformersLoader().loadDecoder(GoldenModel.folder("llama_mha"), options))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("'q4_0'");
    }

    @Test
    void everyRoundingHasAKernelHere() {
        LibTorch torch = LibTorch.get();
        torch.call(() -> {
            List<Kernel> working = torch.kernels().all(torch.anyModule());
            assertThat(working).contains(Kernel.STORED);
            for (Quantization quantization : Quantization.values()) {
                assertThat(torch.kernels().choose(quantization, torch.anyModule()))
                        .isIn(working)
                        .isIn(quantization.kernels());
            }
            return null;
        });
    }
}
