package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jllm.bench.StepPart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code jllm bench demo --steps}. */
class BenchStepsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int bench(String model, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("bench", model, "--steps", "--prompt-tokens", "20", "--generate", "5", "--repeat", "1"));
        arguments.addAll(List.of(more));
        return Main.execute(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                arguments.toArray(String[]::new));
    }

    @Test
    void thePartsOfEachNumberOfStreamsAddUp() throws Exception {
        assertThat(bench("demo", "--streams", "1,2", "--json")).isZero();
        JsonNode report = new ObjectMapper().readTree(out.toByteArray());
        assertThat(report.path("model").textValue()).isEqualTo("demo");
        assertThat(report.path("steps")).hasSize(2);
        assertThat(report.path("steps").path(1).path("streams").intValue()).isEqualTo(2);
        for (JsonNode entry : report.path("steps")) {
            assertThat(entry.path("steps").intValue()).isPositive();
            double sum = 0;
            for (String part :
                    List.of("native", "call", "logits", "sampling", "decoding", "text", "delivery", "scheduling")) {
                double millis = entry.path(part + "_ms").doubleValue();
                assertThat(millis).as(part).isPositive();
                sum += millis;
            }
            assertThat(entry.path("step_ms").doubleValue()).isCloseTo(sum, within(1e-6));
            assertThat(entry.path("outside_native_share").doubleValue()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void itIsATableForOneAndEight() {
        assertThat(bench("demo")).isZero();
        assertThat(err.size()).isZero();
        String table = out.toString(StandardCharsets.UTF_8);
        assertThat(table)
                .containsPattern("(?m)^1 stream +\\d+\\.\\d{3} ms +a step, 3 measured$")
                .containsPattern("(?m)^8 streams +\\d+\\.\\d{3} ms +a step, \\d+ measured$")
                .containsPattern("(?m)^  outside native +\\d+\\.\\d{3} ms +\\d+\\.\\d\\d %$");
        for (StepPart part : StepPart.values()) {
            assertThat(table).contains("  " + part.title() + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--prompt-lookup=4", "--texts=any.txt", "--kernels"})
    void whatItDoesNotGoWithIsAMistake(String other) {
        assertThat(bench("demo", other)).isEqualTo(2);
        assertThat(out.size()).isZero();
    }
}
