package org.jllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.generation.DecoderBackend;
import org.jllm.torch.TransformersLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamBenchmarkTest {
    @TempDir
    private Path folder;

    private DecoderBackend backend() {
        RandomModel.write("llama:tiny", "fp32", folder);
        return new TransformersLoader().loadDecoder(folder, LoadOptions.none());
    }

    @Test
    void measuresEachNumberOfStreamsOfAModelWithoutATokenizer() {
        DecoderBackend backend = backend();
        try (StreamBenchmark benchmark = new StreamBenchmark(backend, 0)) {
            List<StreamBenchmark.Figures> all = benchmark.run(List.of(3, 1), 5, 4, 2);
            assertThat(all).extracting(StreamBenchmark.Figures::streams).containsExactly(3, 1);
            assertThat(all).allSatisfy(figures -> {
                assertThat(figures.tokensPerSecond()).isPositive().isFinite();
                assertThat(figures.streamTokensPerSecond()).isPositive().isFinite();
                assertThat(figures.slowestFirstTokenMillis()).isGreaterThanOrEqualTo(figures.timeToFirstTokenMillis());
            });
        }
        assertThatThrownBy(() -> backend.open(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        try (StreamBenchmark benchmark = new StreamBenchmark(backend(), 0)) {
            assertThatThrownBy(() -> benchmark.run(List.of(1, 0), 5, 4, 1))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("at least 1 stream");
            assertThatThrownBy(() -> benchmark.run(List.of(1), 510, 4, 1))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("510 prompt and 4 generated tokens do not fit into the context of 512");
        }
    }
}
