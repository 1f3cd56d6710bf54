package org.jllm.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.jllm.bench.RandomModel;
import org.jllm.catalogue.ByteSize;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        description = "Measures a model: tokens or sentences a second, time to the first token, memory.",
        footer = "Measure on a quiet machine: a second load makes the figures worthless.")
final class BenchCommand implements Callable<Integer> {
    private static final Set<String> TEXTS_OF_TOKENS =
            Set.of("--prompt-tokens", "--generate", "--streams", "--prompt-lookup", "--sentences");

    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0..*",
            paramLabel = "MODEL",
            arity = "0..*",
            description = "A name of 'jllm list', a model's folder or a .gguf file; with --compare also several.")
    private List<String> models = List.of();

    @Mixin
    private RandomFlags random = new RandomFlags();

    @Mixin
    private WorkFlags work = new WorkFlags();

    @Option(
            names = "--compare",
            description = "Measures int8 and bfloat16 of the model in turns with llama.cpp on the same shape"
                    + " (--random), with other MODELs, or with float32; ratios round by round.")
    private boolean compare;

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
        FlagRules rules = new FlagRules(Objects.requireNonNull(spec).commandLine());
        if (Stream.of(!models.isEmpty(), random.shape != null, kernels)
                        .filter(given -> given)
                        .count()
                != 1) {
            throw rules.error("give either MODEL, --random SHAPE or --kernels");
        }
        LoadOptions options = load.options();
        if (kernels) {
            rules.allow(
                    Set.of("--kernels", "--threads", "--json"),
                    "--kernels goes with --threads and --json only, and not with %s");
            Jllm jllm = Jllm.ofUser();
            KernelReport.print(
                    console.out(),
                    json,
                    BenchMachine.of(jllm, options, List.of("transformers")),
                    jllm.loader("transformers").measureKernels(options.threads()));
            return 0;
        }
        checkWork(rules, options);
        if (compare) {
            compare(rules, options);
        } else {
            measure(rules, options);
        }
        return 0;
    }

    private void checkWork(FlagRules rules, LoadOptions options) {
        if (random.shape == null && (random.types != null || random.keep != null)) {
            throw rules.error("--type and --keep go with --random");
        }
        if (steps) {
            rules.forbid(
                    Set.of("--texts", "--prompt-lookup", "--compare"),
                    "--steps measures steps of one model without guesses: leave out %s");
        }
        if (work.texts != null) {
            rules.forbid(TEXTS_OF_TOKENS, "--texts measures the vectors of texts, and does not go with %s");
            rules.forbid(Set.of("--random"), "--texts needs a MODEL with a tokenizer: leave %s out");
        } else if (random.shape != null) {
            ModelBench.checkShape(rules, random.shape);
        }
        if (work.streams == null && options.promptLookup() != null && !compare) {
            throw rules.error("--prompt-lookup goes with --streams, and is off there where it is not given");
        }
    }

    private void compare(FlagRules rules, LoadOptions options) throws IOException {
        rules.forbid(
                ComparisonBench.OWN_CHOICES,
                "--compare chooses types, engines and device itself, and keeps no packed matrices: leave %s out");
        ComparisonBench bench = new ComparisonBench(console, catalogue.jllm(console), work, rules, options, json);
        String shape = random.shape;
        if (shape == null) {
            bench.run(models);
            return;
        }
        random.inFolder(folder -> bench.run(shape, random.types, folder));
    }

    private void measure(FlagRules rules, LoadOptions options) throws IOException {
        if (models.size() > 1) {
            throw rules.error("give one MODEL, or --compare with several");
        }
        if (random.types != null && random.types.size() > 1) {
            throw rules.error("give one --type, or --compare with several");
        }
        if (random.shape != null && random.keep == null) {
            rules.forbid(Set.of("--pack-bytes"), "%s goes with --keep: what is in a temporary folder is not packed");
        }
        // What goes away need not be packed for the next time.
        LoadOptions measured = random.shape != null && random.keep == null
                ? LoadOptions.builder().packBytes(0).build().orElse(options)
                : options;
        ModelBench bench = new ModelBench(console, catalogue.jllm(console), work, rules, measured, steps, json);
        String shape = random.shape;
        if (shape == null) {
            bench.run(models.get(0), models.get(0));
            return;
        }
        random.inFolder(folder -> bench.run(write(shape, folder, options).toString(), shape));
    }

    private Path write(String shape, Path folder, LoadOptions options) {
        if (random.types != null) {
            console.note("writing a random " + shape + " of type " + random.types.get(0) + " to " + folder + " …");
            return Jllm.ofUser()
                    .loader("gguf")
                    .writeRandom(shape, random.types, folder)
                    .get(0);
        }
        String dtype = options.dtype() == null || options.dtype().equals("auto") ? "bfloat16" : options.dtype();
        String size = ByteSize.format(RandomModel.bytes(shape, dtype));
        console.note("writing a random " + shape + ", " + size + " in " + dtype + ", to " + folder + " …");
        return RandomModel.write(shape, dtype, folder).folder();
    }
}
