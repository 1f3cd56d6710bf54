package org.jllm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jllm.Jllm;
import org.jllm.api.JllmException;
import org.jllm.api.LoadOptions;
import org.jllm.bench.Benchmark;
import org.jllm.bench.EmbeddingBenchmark;
import org.jllm.bench.EncoderBenchmark;
import org.jllm.bench.RandomModel;
import org.jllm.bench.StepBenchmark;
import org.jllm.bench.StreamBenchmark;
import org.jllm.bench.VectorBenchmark;
import org.jllm.bench.VectorContestant;
import org.jllm.generation.DecoderBackend;
import org.jllm.tokenizer.Tokenizer;

/** {@code jllm bench} of one model. */
record ModelBench(
        Console console, Jllm jllm, WorkFlags work, FlagRules rules, LoadOptions options, boolean steps, boolean json) {
    static final Set<String> OF_DECODERS = Set.of("--prompt-tokens", "--generate", "--streams", "--prompt-lookup");
    static final Set<String> OF_ENCODERS = Set.of("--sentences", "--batch");

    private static final int PROMPT_TOKENS = 128;
    private static final int GENERATED = 64;
    private static final int SENTENCES = 1_000;

    /** @param shown the name in the report */
    void run(String model, String shown) throws IOException {
        if (steps) {
            steps(model, shown);
        } else if (work.texts != null) {
            texts(model, work.texts);
        } else if (jllm.isEncoder(model, options)) {
            checkEncoder(rules, shown);
            encoder(model, shown);
        } else {
            checkDecoder(rules, shown);
            decoder(model, shown);
        }
    }

    /** Refuses flags of the other kind before a model is written. */
    static void checkShape(FlagRules rules, String shape) {
        if (RandomModel.isEncoder(shape)) {
            checkEncoder(rules, shape);
        } else {
            checkDecoder(rules, shape);
        }
    }

    static void checkEncoder(FlagRules rules, String shown) {
        rules.forbid(OF_DECODERS, "%s is for models that continue texts, and " + shown + " is an encoder");
    }

    static void checkDecoder(FlagRules rules, String shown) {
        rules.forbid(OF_ENCODERS, "%s is for models that make vectors, and " + shown + " continues texts");
    }

    private void decoder(String model, String shown) throws IOException {
        List<Integer> lengths = work.promptTokens(List.of(PROMPT_TOKENS));
        int generate = work.generate(GENERATED);
        long start = System.nanoTime();
        try (DecoderBackend backend = jllm.loadDecoder(model, options)) {
            BenchReport report = report(model, shown, start);
            if (work.streams == null) {
                Benchmark benchmark = new Benchmark(backend);
                List<Benchmark.Figures> figures = new ArrayList<>();
                for (int length : lengths) {
                    figures.add(benchmark.run(length, generate, work.repeat));
                }
                report.print(figures);
                return;
            }
            int guesses = Objects.requireNonNullElse(options.promptLookup(), 0);
            try (StreamBenchmark benchmark = new StreamBenchmark(backend, guesses)) {
                List<StreamBenchmark.Figures> figures = new ArrayList<>();
                for (int length : lengths) {
                    figures.addAll(benchmark.run(work.streams, length, generate, work.repeat));
                }
                report.printStreams(figures, work.repeat);
            }
        }
    }

    private void steps(String model, String shown) throws IOException {
        checkDecoder(rules, shown);
        List<Integer> lengths = work.promptTokens(List.of(PROMPT_TOKENS));
        if (lengths.size() > 1) {
            throw rules.error("--steps takes one length: give one of --prompt-tokens");
        }
        // Random models have none.
        Optional<Tokenizer> tokenizer = model.equals(shown) ? tokenizer(model) : Optional.empty();
        List<StepBenchmark.Figures> figures = new ArrayList<>();
        try (StepBenchmark benchmark = new StepBenchmark(jllm.loadDecoder(model, options), tokenizer)) {
            List<Integer> texts = Objects.requireNonNullElse(work.streams, List.of(1, 8));
            figures.addAll(benchmark.run(texts, lengths.get(0), work.generate(GENERATED), work.repeat));
        }
        StepReport.print(console.out(), json, shown, machine(model), figures);
    }

    private Optional<Tokenizer> tokenizer(String model) {
        try {
            return Optional.of(jllm.loadTokenizer(model, options));
        } catch (JllmException e) {
            console.note("a letter stands for each token: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void texts(String model, Path file) throws IOException {
        List<String> lines = WorkFlags.lines(file);
        long start = System.nanoTime();
        try (VectorBenchmark benchmark = new EmbeddingBenchmark(jllm.loadEmbeddingModel(model, options), lines)) {
            BenchReport report = report(model, model, start);
            report.print(figures(benchmark, lines.size()), OptionalDouble.empty());
        }
    }

    private void encoder(String model, String shown) throws IOException {
        int sentences = work.sentences(SENTENCES);
        long start = System.nanoTime();
        try (VectorBenchmark benchmark = new EncoderBenchmark(jllm.loadEncoder(model, options))) {
            BenchReport report = report(model, shown, start);
            List<VectorBenchmark.Figures> figures = figures(benchmark, sentences);
            report.print(figures, isGraph(model) ? OptionalDouble.empty() : cosine(model, benchmark, sentences));
        }
    }

    private List<VectorBenchmark.Figures> figures(VectorBenchmark benchmark, int sentences) {
        List<VectorBenchmark.Figures> figures = new ArrayList<>();
        for (int batch : work.batches(sentences)) {
            figures.add(benchmark.run(sentences, batch, work.repeat));
        }
        return figures;
    }

    /** A graph is computed in the types that it holds. */
    private boolean isGraph(String model) {
        return jllm.engine(model, options).equals("onnx");
    }

    /** The smallest of some sentences to float32. */
    private OptionalDouble cosine(String model, VectorBenchmark benchmark, int sentences) {
        LoadOptions exact =
                LoadOptions.builder().dtype("float32").quantize("none").build().orElse(options);
        int compared = Math.min(sentences, VectorContestant.COMPARED);
        try (VectorBenchmark reference = new EncoderBenchmark(jllm.loadEncoder(model, exact))) {
            return OptionalDouble.of(
                    VectorBenchmark.smallestCosine(benchmark.vectors(compared), reference.vectors(compared)));
        }
    }

    private BenchReport report(String model, String shown, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        return new BenchReport(
                console.out(), json, shown, seconds, jllm.describe(model).bytes(), machine(model));
    }

    private BenchMachine machine(String model) {
        return BenchMachine.of(jllm, options, List.of(jllm.engine(model, options)));
    }
}
