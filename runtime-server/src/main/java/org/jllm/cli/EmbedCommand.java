package org.jllm.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jllm.api.CapacityException;
import org.jllm.api.EmbeddingKind;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.InvalidRequestException;
import org.jllm.corpus.TextSource;
import org.jllm.corpus.VectorFile;
import org.jllm.corpus.VectorFormat;
import org.jllm.corpus.WrittenVectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "embed",
        description = "Makes vectors of texts.",
        footer =
                "Without TEXT, each line of standard input or --input is one. A text whose line is broken is told with its"
                        + " number and left out (in .npy files its row is NaN); the others are done, and the exit code is 1.")
final class EmbedCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A name of 'jllm list', a model's folder or a .gguf file.")
    private String model = "";

    @Parameters(index = "1..*", paramLabel = "TEXT", arity = "0..*")
    private List<String> texts = List.of();

    @Mixin
    private InputFlags input = new InputFlags();

    @Option(names = "--output", paramLabel = "FILE", description = "Write there instead of standard output.")
    private @Nullable Path output;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "jsonl, npy or csv. Default: by the ending of FILE, else jsonl.")
    private @Nullable String format;

    @Option(
            names = "--resume",
            description = "Go on where an interrupted run with the same input, settings and --output has ended.")
    private boolean resume;

    @Option(names = "--query", description = "The texts are what is asked; the model may read them another way.")
    private boolean query;

    @Option(names = "--document", description = "The texts are what is to be found.")
    private boolean document;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "Put TEXT before each text.")
    private @Nullable String prompt;

    @Option(
            names = "--prompt-name",
            paramLabel = "NAME",
            description = "Put the prompt of that name in the model's files before each text.")
    private @Nullable String promptName;

    @Option(names = "--dimensions", paramLabel = "N", description = "Cut each vector to its first N numbers.")
    private @Nullable Integer dimensions;

    @Option(
            names = "--normalize",
            negatable = true,
            description = "Bring each vector to length 1, or do not. Default: as the model's files say.")
    private @Nullable Boolean normalize;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Longest text; longer ones are cut, which is told. Default: what the model was made for.")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--late-interaction",
            description = "A vector for each token, of models such as JaColBERT; with --query or --document.")
    private boolean lateInteraction;

    @Option(names = "--strict", description = "Stop at the first text that fails.")
    private boolean strict;

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    @Mixin
    private LoadFlags load = new LoadFlags();

    EmbedCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (!texts.isEmpty() && input.areGiven()) {
            throw usageError("give either TEXT or an input");
        }
        if (query && document) {
            throw usageError("give either --query or --document");
        }
        if (resume && output == null) {
            throw usageError("--resume needs the --output FILE of the run that was interrupted");
        }
        EmbeddingOptions options = options();
        VectorFormat chosen = chosenFormat();
        try (TextSource source = source();
                EmbeddingModel loaded = catalogue.jllm(console).loadEmbeddingModel(model, load.options())) {
            if (lateInteraction != loaded.lateInteraction()) {
                throw new InvalidRequestException(
                        lateInteraction
                                ? loaded.name() + " makes one vector of a text: leave --late-interaction out"
                                : loaded.name() + " makes a vector of each token: give --late-interaction");
            }
            int size = dimensions == null ? loaded.dimensions() : dimensions;
            return run(source, loaded, options, new VectorFile(chosen, size, lateInteraction)) ? 0 : Main.FAILED;
        } catch (NoSuchFileException e) {
            throw new CapacityException("cannot write " + output + ": there is no such folder", e);
        } catch (IOException e) {
            throw new CapacityException(
                    "cannot write " + (output == null ? "vectors" : output) + ": " + e.getMessage(), e);
        }
    }

    private boolean run(TextSource source, EmbeddingModel loaded, EmbeddingOptions options, VectorFile file)
            throws IOException {
        EmbedProgress progress = EmbedProgress.on(console, input.bytes());
        EmbeddingRun run = new EmbeddingRun(console, loaded, options, strict, progress);
        Path target = output;
        if (target == null) {
            boolean typed = texts.isEmpty() && input.isTyped();
            EmbeddingRun.Output open = () -> file.to(console.out());
            return typed ? run.answer(source, open) : run.write(source, 0, open);
        }
        if (resume && file.isComplete(target)) {
            console.note(target + " is complete");
            return true;
        }
        WrittenVectors written = resume ? file.written(target) : WrittenVectors.none();
        if (written.next() > 0) {
            new Resumption(target, written).check(source, loaded, options);
            console.note("going on behind the " + written.next() + " texts of " + target);
        }
        return run.write(source, written.next(), () -> file.to(target, written));
    }

    private VectorFormat chosenFormat() {
        if (format != null) {
            return VectorFormat.of(format);
        }
        return output == null ? VectorFormat.JSONL : VectorFormat.ofFile(output.toString());
    }

    private EmbeddingOptions options() {
        EmbeddingKind kind = query ? EmbeddingKind.QUERY : document ? EmbeddingKind.DOCUMENT : null;
        return new EmbeddingOptions(kind, promptName, prompt, dimensions, normalize, maxTokens, true);
    }

    private TextSource source() {
        return texts.isEmpty() ? input.open() : TextSource.of(texts);
    }

    private ParameterException usageError(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
