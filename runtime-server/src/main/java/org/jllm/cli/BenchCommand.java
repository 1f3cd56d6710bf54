package org.jllm.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.jllm.bench.Benchmark;
import org.jllm.bench.RandomModel;
import org.jllm.bench.TemporaryFolder;
import org.jllm.catalogue.ByteSize;
import org.jllm.generation.DecoderBackend;
import org.jllm.machine.ProcessMemory;
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
        description = "Measures a model: tokens a second, time to the first token, memory.",
        footer = "Measure on a quiet machine: a second load makes the figures worthless.")
final class BenchCommand implements Callable<Integer> {
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

    @Option(names = "--json", description = "The figures as a JSON object.")
    private boolean json;

    @Mixin
    private LoadFlags load = new LoadFlags();

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if ((model == null) == (random == null)) {
            throw usageError("give either MODEL or --random SHAPE");
        }
        LoadOptions options = load.options();
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
                measure(write(folder.path(), options).toString(), options);
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
        Jllm jllm = Jllm.ofUser();
        long weights = jllm.describe(name).bytes();
        long start = System.nanoTime();
        try (DecoderBackend backend = jllm.loadDecoder(name, options)) {
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            Benchmark.Figures figures = new Benchmark(backend).run(promptTokens, generate, repeat);
            print(name, figures, loadSeconds, weights, ProcessMemory.now());
        }
    }

    private void print(String name, Benchmark.Figures figures, double loadSeconds, long weights, ProcessMemory memory)
            throws IOException {
        if (json) {
            ObjectMapper mapper = new ObjectMapper();
            ObjectNode node = mapper.createObjectNode();
            node.put("model", random != null ? random : name);
            node.put("load_seconds", loadSeconds);
            node.put("prompt_tokens", figures.promptTokens());
            node.put("generated_tokens", figures.generatedTokens());
            node.put("repetitions", figures.repetitions());
            node.put("prefill_tokens_per_second", figures.prefillTokensPerSecond());
            node.put("decode_tokens_per_second", figures.decodeTokensPerSecond());
            node.put("time_to_first_token_ms", figures.timeToFirstTokenMillis());
            node.put("weights_bytes", weights);
            node.put("resident_bytes", memory.resident());
            node.put("peak_resident_bytes", memory.peak());
            node.put("anonymous_bytes", memory.anonymous());
            console.out().println(mapper.writeValueAsString(node));
            return;
        }
        row("load", "%.2f s", loadSeconds);
        row("prefill", "%.1f tokens/s (" + figures.promptTokens() + " tokens)", figures.prefillTokensPerSecond());
        row("decode", "%.2f tokens/s (" + figures.generatedTokens() + " tokens)", figures.decodeTokensPerSecond());
        row("first token", "%.0f ms", figures.timeToFirstTokenMillis());
        row(
                "memory",
                "%s resident, %s of it mapped weights or files; weights %s",
                ByteSize.format(memory.resident()),
                ByteSize.format(memory.resident() - memory.anonymous()),
                ByteSize.format(weights));
    }

    private void row(String name, String format, Object... values) {
        console.out().printf("%-12s %s%n", name, String.format(Locale.ROOT, format, values));
    }
}
