package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jllm.bench.Comparison;
import org.jllm.bench.Contestant;
import org.jllm.bench.Measurements;
import org.jllm.bench.Metric;
import org.jllm.bench.Ratios;
import org.jllm.bench.Workload;
import org.jllm.bench.Workload.Sentences;
import org.jllm.bench.Workload.Texts;
import org.junit.jupiter.api.Test;

/** The layout of a comparison, with figures that are given. */
class ComparisonReportTest {
    private static final BenchMachine MACHINE = new BenchMachine(2, Map.of("jllm", "1", "gguf", "llama.cpp 0"));

    /** A contestant that does what it was told to: one figure a turn. */
    private static <W extends Workload> Contestant<W> contestant(
            String engine, String type, Metric metric, Double... figures) {
        Deque<Double> left = new ArrayDeque<>(List.of(figures));
        return new Contestant<>(engine, type, () -> new Contestant.Loaded<>() {
            @Override
            public void warmUp(W workload) {}

            @Override
            public Map<Metric, Double> run(W workload) {
                return Map.of(metric, left.removeFirst());
            }

            @Override
            public void close() {}
        });
    }

    private static <W extends Workload> ComparisonFigures figures(
            List<Contestant<W>> contestants, W workload, int rounds, Map<String, List<float[]>> vectors) {
        Measurements measurements =
                new Comparison<>(contestants, List.of(workload), true, Duration.ZERO, step -> {}).run(rounds);
        return new ComparisonFigures(
                "llama:1.1b",
                1_100_048_384,
                rounds,
                false,
                MACHINE,
                contestants,
                measurements,
                Ratios.of(contestants, List.of(workload), measurements),
                vectors,
                List.of(new ComparisonFigures.LeftOut("Transformers float32", "it needs 5 GiB of memory")));
    }

    private static ComparisonFigures decoding() {
        Metric metric = Metric.DECODE_TOKENS_PER_SECOND;
        return figures(
                List.of(
                        contestant("Transformers", "int8", metric, 20.0, 30.0, 16.0),
                        contestant("llama.cpp", "Q8_0", metric, 10.0, 20.0, 16.0)),
                new Texts(1, 128, 32),
                3,
                Map.of());
    }

    private static String print(ComparisonFigures figures, boolean json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ComparisonReport(new PrintStream(bytes, true, StandardCharsets.UTF_8), figures).print(json);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRowForEachContestantAndEachRatio() throws IOException {
        assertThat(print(decoding(), false))
                .startsWith("llama:1.1b: 1,100,048,384 numbers; 2 threads; tokens a second, the median of 3 rounds")
                .containsPattern("(?m)^CONTESTANT +LOADED IN +TAKES +DECODE AFTER 128$")
                .containsPattern("(?m)^Transformers int8 +0\\.0 s .*20\\.0$")
                .containsPattern("(?m)^llama\\.cpp Q8_0 +0\\.0 s .*16\\.0$")
                .containsPattern("(?m)^RATIO +MEDIAN +ROUND BY ROUND$")
                .containsPattern("(?m)^decode after 128 tokens, Transformers int8 against llama\\.cpp Q8_0 +"
                        + "1\\.50 × +2\\.00 ×  1\\.50 ×  1\\.00 ×$")
                .contains("loaded afresh")
                .contains("left out: Transformers float32: it needs 5 GiB of memory");
    }

    @Test
    void theDocumentHasAllFiguresWithTheirUnits() throws IOException {
        JsonNode document = new ObjectMapper().readTree(print(decoding(), true));
        assertThat(document.path("model").textValue()).isEqualTo("llama:1.1b");
        assertThat(document.path("machine").path("memory_bytes").longValue()).isPositive();
        assertThat(document.path("threads").intValue()).isEqualTo(2);
        assertThat(document.path("versions").path("gguf").textValue()).isEqualTo("llama.cpp 0");
        assertThat(document.path("parameters").longValue()).isEqualTo(1_100_048_384);
        assertThat(document.path("rounds").intValue()).isEqualTo(3);
        assertThat(document.path("loaded_together").booleanValue()).isFalse();
        assertThat(document.path("contestants")).hasSize(2);
        assertThat(document.path("contestants").path(1).path("contestant").textValue())
                .isEqualTo("llama.cpp Q8_0");
        JsonNode figure = document.path("figures").path(0);
        assertThat(figure.path("contestant").textValue()).isEqualTo("Transformers int8");
        assertThat(figure.path("metric").textValue()).isEqualTo("decode_tokens_per_second");
        assertThat(figure.path("streams").intValue()).isOne();
        assertThat(figure.path("prompt_tokens").intValue()).isEqualTo(128);
        assertThat(figure.path("generated_tokens").intValue()).isEqualTo(32);
        assertThat(figure.path("rounds").toString()).isEqualTo("[20.0,30.0,16.0]");
        assertThat(figure.path("median").doubleValue()).isEqualTo(20);
        JsonNode ratio = document.path("ratios").path(0);
        assertThat(ratio.path("figure").path("contestant").textValue()).isEqualTo("Transformers int8");
        assertThat(ratio.path("reference").path("contestant").textValue()).isEqualTo("llama.cpp Q8_0");
        assertThat(ratio.path("rounds").toString()).isEqualTo("[2.0,1.5,1.0]");
        assertThat(ratio.path("median").doubleValue()).isEqualTo(1.5);
        assertThat(document.path("left_out").path(0).path("reason").textValue()).startsWith("it needs");
    }

    @Test
    void vectorsAreComparedWithThoseInFloat32() throws IOException {
        Metric metric = Metric.SENTENCES_PER_SECOND;
        ComparisonFigures figures = figures(
                List.of(
                        contestant("Transformers", "int8", metric, 60.0),
                        contestant("Transformers", "float32", metric, 20.0)),
                new Sentences(2, 1),
                1,
                Map.of(
                        "Transformers int8", List.of(new float[] {1, 0}, new float[] {1, 0}),
                        "Transformers float32", List.of(new float[] {2, 0}, new float[] {3, 4})));
        assertThat(print(figures, false))
                .contains("; 2 threads; sentences a second, the median of 1 round")
                .containsPattern("(?m)^CONTESTANT .* SENTENCES/S, 1 AT A TIME  COSINE TO FLOAT32$")
                .containsPattern("(?m)^Transformers int8 .* 60\\.0 +0\\.600000$")
                .contains("sentences, 1 at a time, Transformers int8 against Transformers float32  3.00 ×");
        assertThat(print(
                        figures(
                                List.of(
                                        contestant("Transformers", "float32", metric, 20.0),
                                        contestant("ONNX Runtime", "F32", metric, 10.0)),
                                new Sentences(1, 1),
                                1,
                                Map.of(
                                        "Transformers float32", List.of(new float[] {2, 0}),
                                        "ONNX Runtime F32", List.of(new float[] {2, 0, 1}))),
                        false))
                .containsPattern("(?m)^ONNX Runtime F32 .* 10\\.0 *$");
        JsonNode first = new ObjectMapper()
                .readTree(print(figures, true))
                .path("contestants")
                .path(0);
        assertThat(first.path("smallest_cosine_to_float32").doubleValue()).isEqualTo(0.6, within(1e-6));
    }
}
