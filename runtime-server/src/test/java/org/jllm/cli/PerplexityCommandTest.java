package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.cli.CommandLines.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerplexityCommandTest {
    private static final String TEXT = "ls は「ディレクトリの内容をリスト表示する」ためのコマンドです。\n".repeat(20);
    private static final String ENCODER = "../runtime-core/src/test/resources/golden/bert_mlm";
    private static final String OTHER_VOCABULARY = "../runtime-core/src/test/resources/golden/llama_mha";

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("text"), TEXT);
    }

    private Outcome perplexity(String model, String... more) {
        List<String> arguments = new ArrayList<>(List.of("perplexity", model, "--file", file.toString()));
        arguments.addAll(List.of(more));
        return CommandLines.run(arguments.toArray(String[]::new));
    }

    private JsonNode json(String model, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.add("--json");
        Outcome outcome = perplexity(model, arguments.toArray(String[]::new));
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        return new ObjectMapper().readTree(outcome.out());
    }

    @Test
    void printsRows() {
        Outcome outcome = perplexity("demo");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .containsPattern("(?m)^text +" + TEXT.getBytes(StandardCharsets.UTF_8).length + " bytes, "
                        + TEXT.length() + " characters$")
                .containsPattern("(?m)^windows +\\d+ of 256 tokens \\(the default\\), stride 128$")
                .containsPattern("(?m)^scored +\\d+ tokens, \\S+ tokens/s$")
                .containsPattern("(?m)^likelihood +\\d\\.\\d{6} nats per token")
                .containsPattern("(?m)^perplexity +\\d+\\.\\d{4}$")
                .containsPattern("(?m)^bits +\\S+ per byte, \\S+ per character$")
                .doesNotContain("reference");
    }

    @Test
    void theFiguresFitTogether() throws IOException {
        JsonNode report = json("demo", "--context", "64", "--stride", "48", "--dtype", "float32");
        assertThat(report.path("model").textValue()).isEqualTo("demo");
        assertThat(report.path("context").intValue()).isEqualTo(64);
        assertThat(report.path("stride").intValue()).isEqualTo(48);
        int tokens = report.path("tokens_scored").intValue();
        assertThat(report.path("windows").intValue()).isEqualTo(1 + (int) Math.ceil((tokens - 64) / 48.0));
        double loss = report.path("negative_log_likelihood").doubleValue();
        assertThat(report.path("perplexity").doubleValue()).isEqualTo(Math.exp(loss));
        double bits = loss * tokens / Math.log(2);
        assertThat(report.path("bits_per_byte").doubleValue()
                        * report.path("bytes").longValue())
                .isCloseTo(bits, within(1e-6));
        assertThat(report.path("bits_per_character").doubleValue() * TEXT.length())
                .isCloseTo(bits, within(1e-6));
        assertThat(report.path("tokens_per_second").doubleValue()).isPositive();
        assertThat(report.has("reference")).isFalse();
    }

    @Test
    void aReferenceIsTheSameModelInFloat32() throws IOException {
        JsonNode half = json("demo", "--dtype", "bfloat16", "--reference");
        JsonNode reference = half.path("reference");
        assertThat(reference.path("model").textValue()).isEqualTo("demo");
        assertThat(reference.path("dtype").textValue()).isEqualTo("float32");
        assertThat(reference.path("kl_divergence_mean").doubleValue()).isBetween(1e-6, 0.01);
        assertThat(reference.path("kl_divergence_max").doubleValue())
                .isGreaterThan(reference.path("kl_divergence_mean").doubleValue());
        assertThat(reference.path("same_top_token").doubleValue()).isBetween(0.9, 1.0);
        JsonNode exact = json("demo", "--dtype", "float32");
        assertThat(reference.path("perplexity").doubleValue())
                .isEqualTo(exact.path("perplexity").doubleValue());

        Outcome itself = perplexity("demo", "--dtype", "bfloat16", "--reference-dtype", "bfloat16");
        assertThat(itself.out())
                .containsPattern("(?m)^reference +demo in bfloat16, perplexity \\S+$")
                .containsPattern("(?m)^divergence +0\\.000e\\+00 nats mean, 0\\.000e\\+00 largest$")
                .containsPattern("(?m)^same top +100\\.000% of the tokens$");
    }

    @Test
    void aReferenceMayBeAnotherModel() throws IOException {
        JsonNode half = json("demo", "--dtype", "bfloat16", "--reference-model", "demo");
        assertThat(half.path("reference").path("kl_divergence_mean").doubleValue())
                .isEqualTo(json("demo", "--dtype", "bfloat16", "--reference")
                        .path("reference")
                        .path("kl_divergence_mean")
                        .doubleValue());
        failsWith(perplexity("demo", "--context", "16", "--reference-model", OTHER_VOCABULARY), 1, "vocabulary");
        failsWith(perplexity("demo", "--reference-model", ENCODER), 1, "is an encoder");
        failsWith(perplexity("demo", "--reference-dtype", "int3"), 1, "int3");
    }

    @Test
    void mistakesAreOneLine() throws IOException {
        failsWith(perplexity("demo", "--context", "257"), 1, "257");
        failsWith(perplexity("demo", "--context", "64", "--stride", "65"), 1, "stride must be from 1 to the 64");
        failsWith(perplexity("demo", "--stride", "0"), 1, "stride must be from 1 to the 256");
        failsWith(perplexity("demo", "--context", "0"), 2, "context");
        failsWith(perplexity(ENCODER), 1, "is an encoder");
        failsWith(CommandLines.run("perplexity", "demo"), 2, "--file");
        Files.writeString(file, "<s>");
        failsWith(perplexity("demo"), 1, "the text has 1 token: it takes 2");
        Files.writeString(file, "");
        failsWith(perplexity("demo"), 1, "is empty");
        Files.write(file, "猫".getBytes("Shift_JIS"));
        failsWith(perplexity("demo"), 1, "is not a text in UTF-8");
        Files.delete(file);
        failsWith(perplexity("demo"), 1, "there is no file");
    }

    private static void failsWith(Outcome outcome, int code, String message) {
        assertThat(outcome.err()).startsWith("jllm: ").contains(message).containsOnlyOnce("\n");
        assertThat(outcome.code()).isEqualTo(code);
        assertThat(outcome.out()).isEmpty();
    }
}
