package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jllm.Jllm;
import org.jllm.api.JllmException;
import org.jllm.cli.CommandLines.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code jllm bench --compare}, and flags of {@code jllm bench} that do not go together. */
class BenchCompareTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode bench(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("bench"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--json"));
        Outcome outcome = CommandLines.run(all.toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return JSON.readTree(outcome.out());
    }

    private static boolean hasLlamaCpp() {
        try {
            Jllm.ofUser().loader("gguf").version();
            return true;
        } catch (JllmException e) {
            return false;
        }
    }

    private static List<String> contestants(JsonNode report) {
        return report.path("contestants").findValuesAsText("contestant");
    }

    @Test
    void bothEnginesTakeTurnsOnOneShape(@TempDir Path folder) throws IOException {
        String[] work = {"--prompt-tokens", "8,16", "--generate", "3", "--streams", "1,2", "--repeat", "2"};
        JsonNode report = bench(
                with(work, "--random", "llama:tiny", "--compare", "--type", "q8_0,f16", "--keep", folder.toString()));
        assertThat(report.path("loaded_together").booleanValue()).isTrue();
        assertThat(report.path("versions").path("transformers").textValue()).startsWith("libtorch ");
        if (!hasLlamaCpp()) {
            assertThat(contestants(report))
                    .containsExactly("Transformers int8", "Transformers bfloat16", "Transformers float32");
            assertThat(report.path("left_out").path(0).path("contestant").textValue())
                    .isEqualTo("llama.cpp");
            return;
        }
        assertThat(contestants(report))
                .containsExactly("Transformers int8", "Transformers bfloat16", "llama.cpp Q8_0", "llama.cpp F16");
        assertThat(report.path("left_out")).isEmpty();
        // Prefill, decode and all tokens of one text of either length, all tokens of two texts.
        assertThat(report.path("figures")).hasSize(4 * 7);
        for (JsonNode figure : report.path("figures")) {
            assertThat(figure.path("rounds")).hasSize(2);
            assertThat(figure.path("median").doubleValue()).isPositive();
        }
        assertThat(report.path("ratios").findValuesAsText("name"))
                .contains(
                        "decode after 8 tokens, Transformers int8 against llama.cpp Q8_0",
                        "decode after 16 tokens, Transformers bfloat16 against llama.cpp F16",
                        "2 streams together, Transformers int8 against 1 stream",
                        "2 streams together, Transformers int8 against llama.cpp Q8_0")
                .anyMatch(name ->
                        name.startsWith("prefill of 16 tokens, Transformers int8 against llama.cpp's best type"));
        for (JsonNode ratio : report.path("ratios")) {
            assertThat(ratio.path("rounds").path(1).doubleValue())
                    .isEqualTo(round(report, ratio.path("figure")) / round(report, ratio.path("reference")));
        }
        // What was kept can be compared again.
        JsonNode again = bench(with(
                work,
                folder.resolve("transformers").toString(),
                folder.resolve("gguf/q8_0.gguf").toString(),
                "--compare"));
        assertThat(contestants(again)).containsExactly("Transformers int8", "Transformers bfloat16", "llama.cpp Q8_0");
        Outcome twice = CommandLines.run(
                "bench",
                "--compare",
                folder.resolve("gguf/f16.gguf").toString(),
                folder.resolve("gguf/f16.gguf").toString());
        assertThat(twice.code()).isEqualTo(2);
        assertThat(twice.err()).contains("two of the MODELs are llama.cpp F16").hasLineCount(1);
    }

    /** The second round of a figure that is told by all its other fields. */
    private static double round(JsonNode report, JsonNode series) {
        for (JsonNode figure : report.path("figures")) {
            boolean same = true;
            for (String field : List.of("contestant", "metric", "streams", "prompt_tokens")) {
                same &= figure.path(field).equals(series.path(field));
            }
            if (same) {
                return figure.path("rounds").path(1).doubleValue();
            }
        }
        throw new AssertionError("no figure for " + series);
    }

    @Test
    void theUsualLengthsAreThoseThatFitIntoTheContext() throws IOException {
        String[] work = {"--context", "160", "--generate", "3", "--streams", "1", "--repeat", "1"};
        JsonNode report = bench(with(work, "--random", "mamba:tiny", "--compare"));
        assertThat(report.path("figures").findValuesAsText("prompt_tokens"))
                .hasSize(9)
                .containsOnly("128");
    }

    @Test
    void aShapeWithoutGgufIsComparedWithFloat32() throws IOException {
        JsonNode report = bench(
                "--random",
                "mamba:tiny",
                "--compare",
                "--prompt-tokens",
                "8",
                "--generate",
                "3",
                "--streams",
                "1",
                "--repeat",
                "1");
        assertThat(contestants(report))
                .containsExactly("Transformers int8", "Transformers bfloat16", "Transformers float32");
        assertThat(report.path("left_out").path(0).path("contestant").textValue())
                .isEqualTo("llama.cpp");
        assertThat(report.path("ratios").findValuesAsText("name"))
                .contains("decode after 8 tokens, Transformers bfloat16 against Transformers float32");
    }

    @Test
    void encodersAreComparedInSentences() throws IOException {
        JsonNode report =
                bench("--random", "bert:tiny", "--compare", "--sentences", "12", "--batch", "4,12", "--repeat", "1");
        assertThat(contestants(report))
                .containsExactly("Transformers int8", "Transformers bfloat16", "Transformers float32");
        assertThat(report.path("contestants")
                        .path(1)
                        .path("smallest_cosine_to_float32")
                        .doubleValue())
                .isBetween(0.99, 1.000001);
        assertThat(report.path("figures")).hasSize(6);
        assertThat(report.path("ratios").findValuesAsText("name"))
                .contains("sentences, 4 at a time, Transformers int8 against Transformers float32");
    }

    @Test
    void severalLengthsAndBatchesOfOneModel() throws IOException {
        JsonNode lengths =
                bench("demo", "--prompt-tokens", "5,9", "--generate", "3", "--repeat", "1", "--threads", "1");
        assertThat(lengths.path("lengths").findValuesAsText("prompt_tokens")).containsExactly("5", "9");
        assertThat(lengths.path("lengths")
                        .path(1)
                        .path("decode_tokens_per_second")
                        .doubleValue())
                .isPositive();
        assertThat(lengths.path("threads").intValue()).isOne();
        assertThat(lengths.path("machine").path("instruction_sets").isArray()).isTrue();
        JsonNode streams =
                bench("demo", "--prompt-tokens", "5,9", "--generate", "3", "--repeat", "1", "--streams", "1,2");
        assertThat(streams.path("streams").findValuesAsText("prompt_tokens")).containsExactly("5", "5", "9", "9");
        assertThat(streams.path("streams").path(3).has("ratio_to_one_stream")).isTrue();
        JsonNode batches = bench("--random", "bert:tiny", "--sentences", "6", "--batch", "2,6", "--repeat", "1");
        assertThat(batches.path("batches").findValuesAsText("batch")).containsExactly("2", "6");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--kernels --repeat 2|2|--kernels goes with --threads and --json only",
                "--kernels demo|2|give either MODEL, --random SHAPE or --kernels",
                "demo demo|2|--compare with several",
                "demo --type q8_0|2|--type and --keep go with --random",
                "--random llama:tiny --type q8_0,f16|2|--compare with several",
                "demo --sentences 5|2|--sentences is for models that make vectors, and demo continues texts",
                "demo --batch 5|2|--batch is for models that make vectors",
                "--random bert:tiny --generate 5|2|--generate is for models that continue texts",
                "--random llama:7b --compare --sentences 5|2|and llama:7b continues texts",
                "demo --compare --steps|2|leave out --compare",
                "demo --steps --prompt-tokens 4,5|2|--steps takes one length",
                "demo --texts x --generate 5|2|does not go with --generate",
                "--random bert:tiny --texts x|2|leave --random out",
                "demo --compare --dtype float32|2|leave --dtype out",
                "demo --compare --engine gguf --quantize int8|2|leave --engine, --quantize out",
                "demo --compare --pack-bytes 1GiB|2|leave --pack-bytes out",
                "--random llama:tiny --quantize int8 --pack-bytes 1GiB|2|--pack-bytes goes with --keep",
                "demo --compare --repeat 0|1|at least 1 contestant, 1 workload and 1 round",
                "demo --streams 65 --prompt-tokens 4 --generate 2|1|64 texts together",
                "demo --streams 8 --cache-bytes 1MiB|1|allow more with --cache-bytes",
                "demo --prompt-tokens 0|1|at least 1 prompt token",
            })
    void flagsThatDoNotGoTogetherAreOneLine(String arguments, int code, String message) {
        Outcome outcome = CommandLines.run(("bench " + arguments).split(" "));
        assertThat(outcome.err()).contains(message);
        assertThat(outcome.err().lines().filter(line -> !line.endsWith("…"))).hasSize(1);
        assertThat(outcome.code()).isEqualTo(code);
        assertThat(outcome.out()).isEmpty();
    }

    private static String[] with(String[] work, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of(work));
        return all.toArray(String[]::new);
    }
}
