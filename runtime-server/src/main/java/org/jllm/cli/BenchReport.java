package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jllm.bench.Benchmark;
import org.jllm.bench.StreamBenchmark;
import org.jllm.bench.VectorBenchmark;
import org.jllm.catalogue.ByteSize;
import org.jllm.machine.ProcessMemory;

/** Prints the figures of a benchmark, as rows or as one JSON object. */
record BenchReport(
        PrintStream out, boolean json, String model, double loadSeconds, long weights, BenchMachine machine) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** @param all of one length or several, at least one */
    void print(List<Benchmark.Figures> all) throws JsonProcessingException {
        if (json) {
            ObjectNode node = begin(all.get(0).repetitions());
            if (all.size() == 1) {
                put(node, all.get(0));
            } else {
                ArrayNode lengths = node.putArray("lengths");
                all.forEach(figures -> put(lengths.addObject(), figures));
            }
            end(node);
            return;
        }
        row("load", "%.2f s", loadSeconds);
        for (Benchmark.Figures figures : all) {
            row("prefill", "%.1f tokens/s (" + figures.promptTokens() + " tokens)", figures.prefillTokensPerSecond());
            row("decode", "%.2f tokens/s (" + figures.generatedTokens() + " tokens)", figures.decodeTokensPerSecond());
            row("first token", "%.0f ms", figures.timeToFirstTokenMillis());
        }
        memory();
    }

    private static void put(ObjectNode node, Benchmark.Figures figures) {
        node.put("prompt_tokens", figures.promptTokens());
        node.put("generated_tokens", figures.generatedTokens());
        node.put("prefill_tokens_per_second", figures.prefillTokensPerSecond());
        node.put("decode_tokens_per_second", figures.decodeTokensPerSecond());
        node.put("time_to_first_token_ms", figures.timeToFirstTokenMillis());
    }

    /**
     * @param all of one batch size or several, at least one
     * @param cosine the smallest to the same sentences in float32; empty: not measured
     */
    void print(List<VectorBenchmark.Figures> all, OptionalDouble cosine) throws JsonProcessingException {
        if (json) {
            ObjectNode node = begin(all.get(0).repetitions());
            if (all.size() == 1) {
                put(node, all.get(0));
            } else {
                ArrayNode batches = node.putArray("batches");
                all.forEach(figures -> put(batches.addObject(), figures));
            }
            cosine.ifPresent(value -> node.put("smallest_cosine_to_float32", value));
            end(node);
            return;
        }
        row("load", "%.2f s", loadSeconds);
        for (VectorBenchmark.Figures figures : all) {
            String batch = figures.batch() < figures.sentences() ? ", " + figures.batch() + " at a time" : "";
            row("sentences", "%.1f/s (%d of mixed length%s)", figures.sentencesPerSecond(), figures.sentences(), batch);
            row("tokens", "%.0f/s (%d)", figures.tokensPerSecond(), figures.tokens());
        }
        cosine.ifPresent(value -> row("cosine", "%.6f to float32, the smallest", value));
        memory();
    }

    private static void put(ObjectNode node, VectorBenchmark.Figures figures) {
        node.put("sentences", figures.sentences());
        node.put("batch", figures.batch());
        node.put("tokens", figures.tokens());
        node.put("sentences_per_second", figures.sentencesPerSecond());
        node.put("tokens_per_second", figures.tokensPerSecond());
    }

    /** @param all of one length of prompts or several, those of a length together; at least one */
    void printStreams(List<StreamBenchmark.Figures> all, int repetitions) throws JsonProcessingException {
        boolean oneLength = all.stream()
                        .mapToInt(StreamBenchmark.Figures::promptTokens)
                        .distinct()
                        .count()
                == 1;
        if (json) {
            ObjectNode node = begin(repetitions);
            if (oneLength) {
                node.put("prompt_tokens", all.get(0).promptTokens());
            }
            node.put("generated_tokens", all.get(0).generatedTokens());
            for (StreamBenchmark.Figures figures : all) {
                ObjectNode entry = node.withArray("streams").addObject();
                entry.put("streams", figures.streams());
                entry.put("prompt_tokens", figures.promptTokens());
                entry.put("tokens_per_second", figures.tokensPerSecond());
                entry.put("stream_tokens_per_second", figures.streamTokensPerSecond());
                ratio(figures, all).ifPresent(ratio -> entry.put("ratio_to_one_stream", ratio));
                entry.put("time_to_first_token_ms", figures.timeToFirstTokenMillis());
                entry.put("slowest_first_token_ms", figures.slowestFirstTokenMillis());
            }
            end(node);
            return;
        }
        row("load", "%.2f s", loadSeconds);
        int length = 0;
        for (StreamBenchmark.Figures figures : all) {
            if (figures.promptTokens() != length) {
                length = figures.promptTokens();
                row("each stream", "%d prompt tokens, %d generated", length, figures.generatedTokens());
            }
            OptionalDouble ratio = ratio(figures, all);
            row(
                    figures.streams() + (figures.streams() == 1 ? " stream" : " streams"),
                    "%.2f tokens/s%s, %.2f each; first token %.0f ms, the slowest %.0f ms",
                    figures.tokensPerSecond(),
                    ratio.isEmpty() ? "" : String.format(Locale.ROOT, " (%.2f × 1 stream)", ratio.getAsDouble()),
                    figures.streamTokensPerSecond(),
                    figures.timeToFirstTokenMillis(),
                    figures.slowestFirstTokenMillis());
        }
        memory();
    }

    /** What so many streams give together, as a multiple of one; empty if one was not measured. */
    private static OptionalDouble ratio(StreamBenchmark.Figures figures, List<StreamBenchmark.Figures> all) {
        return all.stream()
                .filter(other -> other.streams() == 1 && other.promptTokens() == figures.promptTokens())
                .mapToDouble(one -> figures.tokensPerSecond() / one.tokensPerSecond())
                .findFirst();
    }

    private ObjectNode begin(int repetitions) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("model", model);
        machine.describe(node);
        node.put("load_seconds", loadSeconds);
        node.put("repetitions", repetitions);
        return node;
    }

    private void end(ObjectNode node) throws JsonProcessingException {
        ProcessMemory memory = ProcessMemory.now();
        node.put("weights_bytes", weights);
        node.put("resident_bytes", memory.resident());
        node.put("peak_resident_bytes", memory.peak());
        node.put("anonymous_bytes", memory.anonymous());
        out.println(MAPPER.writeValueAsString(node));
    }

    private void memory() {
        ProcessMemory memory = ProcessMemory.now();
        row(
                "memory",
                "%s resident, %s of it mapped weights or files; weights %s",
                ByteSize.format(memory.resident()),
                ByteSize.format(memory.resident() - memory.anonymous()),
                ByteSize.format(weights));
    }

    private void row(String name, String format, Object... values) {
        out.printf("%-12s %s%n", name, String.format(Locale.ROOT, format, values));
    }
}
