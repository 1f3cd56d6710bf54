package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jllm.verify.Verdict;
import org.jllm.verify.Verifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden case of the project at its own tolerance. */
class GoldenDecoderTest {
    private static final Path CASES = Path.of("src/test/resources/golden");

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void passes(Path folder) {
        Verdict verdict = new Verifier(new TransformersLoader()).verify(folder);
        assertThat(verdict.detail()).isEmpty();
        assertThat(verdict.outcome()).isEqualTo(Verdict.Outcome.PASS);
    }
}
