package org.jllm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jllm.Jllm;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.LoadOptions;
import org.jllm.bench.Benchmark;
import org.jllm.bench.EmbeddingBenchmark;
import org.jllm.bench.EncoderBenchmark;
import org.jllm.bench.RandomModel;
import org.jllm.bench.StepBenchmark;
import org.jllm.bench.StreamBenchmark;
import org.jllm.catalogue.ByteSize;
import org.jllm.generation.DecoderBackend;
import org.jllm.machine.TemporaryFolder;
import org.jllm.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        description = "Measures a model: tokens or sentences a second, time to the first token, memory.",
        footer = "Measure on a quiet machine: a second load makes the figures worthless.")
final class BenchCommand implements Callable<Integer> {
    /** Sentences that are compared with float32. */
    private static final int COMPARED = 50;

    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            arity = "0..1",
            description = "A name of 'jllm list', a model's folder or a .gguf file.")
    private @Nullable String model;

    @Option(
            names = "--random",
            paramLabel = "SHAPE",
            description =
                    "Instead of MODEL: random weights of a known shape, such as llama:1.1b, in a temporary folder.")
    private @Nullable String random;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "With --random: a GGUF file of this type, such as q8_0, q4_k_m or f16.")
    private @Nullable String type;

    @Option(names = "--keep", paramLabel = "FOLDER", description = "With --random: write the model there and keep it.")
    private @Nullable Path keep;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Default: ${DEFAULT-VALUE}.")
    private int promptTokens;

    @Option(names = "--generate", paramLabel = "N", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}.")
    private int generate;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
    private int repeat;

    @Option(
            names = "--streams",
            paramLabel = "N",
            split = ",",
            description = "Measures N texts at once instead, for each of these: all their tokens a second together.")
    private @Nullable List<Integer> streams;

    @Option(
            names = "--sentences",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Of mixed length, for an encoder. Default: ${DEFAULT-VALUE}.")
    private int sentences;

    @Option(
            names = "--texts",
            paramLabel = "FILE",
            description = "Measures the vectors of the lines of FILE instead, from text to vector.")
    private @Nullable Path texts;

    @Option(
            names = "--steps",
            description = "Measures instead what a step that continues texts spends in native code and around it, for"
                    + " --streams texts at once (1 and 8 if not given).")
    private boolean steps;

    @Option(
            names = "--kernels",
            description = "Measures no model, but matrix products in every form that this processor has.")
    private boolean kernels;

    @Option(names = "--json", description = "The figures as a JSON object.")
    private boolean json;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    @Mixin
    private LoadFlags load = new LoadFlags();

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (Stream.of(model != null, random != null, kernels)
                        .filter(given -> given)
                        .count()
                != 1) {
            throw usageError("give either MODEL, --random SHAPE or --kernels");
        }
        LoadOptions options = load.options();
        if (kernels) {
            if (type != null || keep != null || streams != null || texts != null || steps) {
                throw usageError("--kernels goes with --threads and --json only");
            }
            KernelReport.print(
                    console.out(), json, Jllm.ofUser().loader("transformers").measureKernels(options.threads()));
            return 0;
        }
        if (steps && (texts != null || options.promptLookup() != null)) {
            throw usageError("--steps measures steps without guesses: leave out --texts and --prompt-lookup");
        }
        if (streams == null && options.promptLookup() != null) {
            throw usageError("--prompt-lookup goes with --streams, and is off there where it is not given");
        }
        if (random == null) {
            if (type != null || keep != null) {
                throw usageError("--type and --keep go with --random");
            }
            measure(Objects.requireNonNull(model), options);
        } else if (keep != null) {
            Files.createDirectories(keep);
            measure(write(keep, options).toString(), options);
        } else {
            try (TemporaryFolder folder = TemporaryFolder.create("jllm-bench")) {
                LoadOptions once = LoadOptions.builder().packBytes(0).build().orElse(options);
                measure(write(folder.path(), options).toString(), once);
            }
        }
        return 0;
    }

    private Path write(Path folder, LoadOptions options) {
        String shape = Objects.requireNonNull(random);
        if (type != null) {
            console.note("writing a random " + shape + " of type " + type + " to " + folder + " …");
            return Jllm.ofUser().loader("gguf").writeRandom(shape, type, folder);
        }
        String dtype = options.dtype() == null || options.dtype().equals("auto") ? "bfloat16" : options.dtype();
        String size = ByteSize.format(RandomModel.bytes(shape, dtype));
        console.note("writing a random " + shape + ", " + size + " in " + dtype + ", to " + folder + " …");
        return RandomModel.write(shape, dtype, folder).folder();
    }

    private ParameterException usageError(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private void measure(String name, LoadOptions options) throws IOException {
        Jllm jllm = catalogue.jllm(console);
        long weights = jllm.describe(name).bytes();
        if (texts != null) {
            measureTexts(jllm, name, options, texts);
            return;
        }
        long start = System.nanoTime();
        if (steps) {
            measureSteps(jllm, name, options);
            return;
        }
        if (jllm.isEncoder(name)) {
            measureEncoder(jllm, name, options, weights);
            return;
        }
        try (DecoderBackend backend = jllm.loadDecoder(name, options)) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            BenchReport report =
                    new BenchReport(console.out(), json, random != null ? random : name, loadSeconds, weights);
            if (streams == null) {
                report.print(new Benchmark(backend).run(promptTokens, generate, repeat));
                return;
            }
            int guesses = Objects.requireNonNullElse(options.promptLookup(), 0);
            try (StreamBenchmark benchmark = new StreamBenchmark(backend, guesses)) {
                report.print(benchmark.run(streams, promptTokens, generate, repeat), promptTokens, generate, repeat);
            }
        }
    }

    private void measureSteps(Jllm jllm, String name, LoadOptions options) throws IOException {
        Optional<Tokenizer> tokenizer = random != null ? Optional.empty() : tokenizer(jllm, name, options);
        try (StepBenchmark benchmark = new StepBenchmark(jllm.loadDecoder(name, options), tokenizer)) {
            List<Integer> texts = Objects.requireNonNullElse(streams, List.of(1, 8));
            StepReport.print(
                    console.out(),
                    json,
                    random != null ? random : name,
                    benchmark.run(texts, promptTokens, generate, repeat));
        }
    }

    private Optional<Tokenizer> tokenizer(Jllm jllm, String name, LoadOptions options) {
        try {
            return Optional.of(jllm.loadTokenizer(name, options));
        } catch (JllmException e) {
            console.note("a letter stands for each token: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void measureTexts(Jllm jllm, String name, LoadOptions options, Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new InvalidRequestException("cannot read the texts of " + file + ": " + e, e);
        }
        long start = System.nanoTime();
        try (EmbeddingBenchmark benchmark = new EmbeddingBenchmark(jllm.loadEmbeddingModel(name, options))) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            BenchReport report = new BenchReport(
                    console.out(), json, name, loadSeconds, jllm.describe(name).bytes());
            report.print(benchmark.run(lines, repeat), OptionalDouble.empty());
        }
    }

    /** A graph is computed in the types that it holds. */
    private static boolean isGraph(Jllm jllm, String name, LoadOptions options) {
        String engine = options.orElse(jllm.settings().load()).engine();
        return "onnx".equals(engine == null ? jllm.catalogue().resolve(name).loader() : engine);
    }

    private void measureEncoder(Jllm jllm, String name, LoadOptions options, long weights) throws IOException {
        if (streams != null) {
            throw usageError("--streams is for models that continue texts, and " + name + " is an encoder");
        }
        long start = System.nanoTime();
        try (EncoderBenchmark benchmark = new EncoderBenchmark(jllm.loadEncoder(name, options))) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            BenchReport report =
                    new BenchReport(console.out(), json, random != null ? random : name, loadSeconds, weights);
            EncoderBenchmark.Figures figures = benchmark.run(sentences, repeat);
            if (isGraph(jllm, name, options)) {
                report.print(figures, OptionalDouble.empty());
                return;
            }
            LoadOptions exact = LoadOptions.builder()
                    .dtype("float32")
                    .quantize("none")
                    .build()
                    .orElse(options);
            try (EncoderBenchmark reference = new EncoderBenchmark(jllm.loadEncoder(name, exact))) {
                report.print(
                        figures, OptionalDouble.of(benchmark.smallestCosine(reference, Math.min(sentences, COMPARED))));
            }
        }
    }
}
