package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.api.UnsupportedModelException;
import org.jllm.bench.Benchmark;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.ModelDescription;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomGgufTest {
    private static final GgufLoader LOADER = new GgufLoader();

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        TestModels.library();
    }

    @ParameterizedTest
    @CsvSource({"llama:tiny, f16, F16", "llama:tiny, q8_0, Q8_0", "llama:tiny, q4_0, Q4_0"})
    void runs(String shape, String type, String stored) {
        Path file = LOADER.writeRandom(shape, List.of(type), folder).get(0);
        ModelDescription description = LOADER.describe(file);
        assertThat(description.storedType()).isEqualTo(stored);
        assertThat(description.vocabularySize()).isEqualTo(512);
        try (DecoderBackend model = LOADER.loadDecoder(file, LoadOptions.none())) {
            Benchmark.Figures figures = new Benchmark(model).run(8, 4, 1);
            assertThat(figures.decodeTokensPerSecond()).isPositive();
        }
    }

    @Test
    void severalTypesAreWrittenAtOnceAndNothingElse() throws IOException {
        List<Path> files = LOADER.writeRandom("llama:tiny", List.of("Q8_0", "q4_0"), folder);
        assertThat(files).extracting(file -> LOADER.describe(file).storedType()).containsExactly("Q8_0", "Q4_0");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrderElementsOf(files);
        }
    }

    @Test
    void hasNoVocabulary() {
        Path file = LOADER.writeRandom("llama:tiny", List.of("f16"), folder).get(0);
        assertThatThrownBy(() -> LOADER.loadTokenizer(file))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("vocabulary");
    }

    @Test
    void unknownShapesAndTypesAreRefused() {
        assertThatThrownBy(() -> LOADER.writeRandom("llama:tiny", List.of("q9"), folder))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("q8_0");
        assertThatThrownBy(() -> LOADER.writeRandom("gpt2:1.3b", List.of("f16"), folder))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("llama, mistral or qwen2, not of gpt2");
        assertThatThrownBy(() -> LOADER.writeRandom("llama:9b", List.of("f16"), folder))
                .isInstanceOf(InvalidRequestException.class);
    }
}
