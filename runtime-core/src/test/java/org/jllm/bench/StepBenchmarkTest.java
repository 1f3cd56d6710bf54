package org.jllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.generation.DecoderBackend;
import org.jllm.torch.TransformersLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepBenchmarkTest {
    @TempDir
    private Path folder;

    private DecoderBackend backend() {
        RandomModel.write("llama:tiny", "fp32", folder);
        return new TransformersLoader().loadDecoder(folder, LoadOptions.none());
    }

    @Test
    void thePartsOfAStepAreAllOfIt() {
        DecoderBackend backend = backend();
        try (StepBenchmark benchmark = new StepBenchmark(backend, Optional.empty())) {
            List<StepBenchmark.Figures> all = benchmark.run(List.of(1, 3), 5, 6, 2);
            assertThat(all).extracting(StepBenchmark.Figures::streams).containsExactly(1, 3);
            // Of six tokens the first comes from the prompt, and the last step is followed by none.
            assertThat(all.get(0).steps()).isEqualTo(8);
            assertThat(all).allSatisfy(figures -> {
                double sum = 0;
                for (StepPart part : StepPart.values()) {
                    assertThat(figures.micros(part)).as(part.name()).isPositive();
                    sum += figures.micros(part);
                }
                assertThat(figures.wholeMicros()).isCloseTo(sum, within(1e-6));
                assertThat(figures.outsideShare()).isBetween(0.0, 1.0);
            });
        }
        assertThatThrownBy(() -> backend.open(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        try (StepBenchmark benchmark = new StepBenchmark(backend(), Optional.empty())) {
            assertThatThrownBy(() -> benchmark.run(List.of(1), 5, 2, 1))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("at least 1 stream");
            assertThatThrownBy(() -> benchmark.run(List.of(1), 510, 4, 1))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("510 prompt and 4 generated tokens do not fit into the context of 512");
            assertThatThrownBy(() -> benchmark.run(List.of(100), 2, 4, 1))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("no two steps continued all 100 texts");
        }
    }
}
