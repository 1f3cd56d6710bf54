package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code jllm bench demo --streams …}. */
class BenchStreamsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int bench(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("bench", "demo", "--prompt-tokens", "20", "--generate", "5", "--repeat", "1"));
        arguments.addAll(List.of(more));
        return Main.execute(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                arguments.toArray(String[]::new));
    }

    @Test
    void theFiguresAreAnObjectForEachNumber() throws Exception {
        assertThat(bench("--streams", "1,2", "--json")).isZero();
        JsonNode report = new ObjectMapper().readTree(out.toByteArray());
        assertThat(report.path("model").textValue()).isEqualTo("demo");
        assertThat(report.path("prompt_tokens").intValue()).isEqualTo(20);
        assertThat(report.path("generated_tokens").intValue()).isEqualTo(5);
        JsonNode one = report.path("streams").path(0);
        JsonNode two = report.path("streams").path(1);
        assertThat(report.path("streams")).hasSize(2);
        assertThat(one.path("streams").intValue()).isEqualTo(1);
        assertThat(two.path("streams").intValue()).isEqualTo(2);
        assertThat(one.path("ratio_to_one_stream").doubleValue()).isEqualTo(1);
        double rate = one.path("tokens_per_second").doubleValue();
        assertThat(two.path("ratio_to_one_stream").doubleValue())
                .isEqualTo(two.path("tokens_per_second").doubleValue() / rate);
        for (JsonNode entry : report.path("streams")) {
            assertThat(entry.path("tokens_per_second").doubleValue()).isPositive();
            assertThat(entry.path("stream_tokens_per_second").doubleValue()).isPositive();
            assertThat(entry.path("time_to_first_token_ms").doubleValue()).isPositive();
            assertThat(entry.path("slowest_first_token_ms").doubleValue())
                    .isGreaterThanOrEqualTo(entry.path("time_to_first_token_ms").doubleValue());
        }
    }

    @Test
    void guessesAreMeasuredWhereTheyAreAskedFor() throws Exception {
        assertThat(bench("--streams", "1", "--prompt-lookup", "auto", "--json")).isZero();
        assertThat(new ObjectMapper()
                        .readTree(out.toByteArray())
                        .path("streams")
                        .path(0)
                        .path("tokens_per_second")
                        .doubleValue())
                .isPositive();
        assertThat(bench("--prompt-lookup", "4")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--streams");
        assertThat(bench("--streams", "1", "--prompt-lookup", "64")).isNotZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("0 to 63");
    }

    @Test
    void thereIsNoRatioWithoutOneStream() throws Exception {
        assertThat(bench("--streams", "2", "--json")).isZero();
        JsonNode entry =
                new ObjectMapper().readTree(out.toByteArray()).path("streams").path(0);
        assertThat(entry.path("streams").intValue()).isEqualTo(2);
        assertThat(entry.has("ratio_to_one_stream")).isFalse();
    }

    @Test
    void itIsARowForEachNumber() {
        assertThat(bench("--streams", "1,2")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("(?m)^1 stream +\\S+ tokens/s \\(1\\.00 × 1 stream\\), ")
                .containsPattern("(?m)^2 streams +\\S+ tokens/s \\(\\S+ × 1 stream\\), ");
    }

    @Test
    void numbersOfStreamsAreChecked() {
        assertThat(bench("--streams", "0")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("at least 1 stream");
        assertThat(bench("--streams", "two")).isEqualTo(2);
        assertThat(out.size()).isZero();
    }
}
