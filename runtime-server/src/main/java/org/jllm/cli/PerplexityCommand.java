package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.jllm.api.UnsupportedModelException;
import org.jllm.evaluation.EvaluationText;
import org.jllm.evaluation.Perplexity;
import org.jllm.evaluation.PerplexityFigures;
import org.jllm.evaluation.Windows;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.PromptEncoder;
import org.jllm.tokenizer.MarkedText;
import org.jllm.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "perplexity",
        description = "Measures how well a model predicts a text, and how far it is from a reference.",
        footer = "A window is --context tokens long; without it, as long as the model's context, but at most 512. It"
                + " begins --stride tokens after the one before, and predicts what that did not reach.")
final class PerplexityCommand implements Callable<Integer> {
    /** Tokens of a window where nothing is said. */
    private static final int USUAL_WINDOW = 512;

    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A name of 'jllm list', a model's folder or a .gguf file.")
    private String model = "";

    @Option(names = "--file", paramLabel = "TEXT", required = true, description = "A file with the text, in UTF-8.")
    private Path file = Path.of("");

    @Option(
            names = "--stride",
            paramLabel = "N",
            description = "Tokens between the beginnings of two windows. Default: half a window.")
    private @Nullable Integer stride;

    @Option(names = "--json", description = "The figures as a JSON object.")
    private boolean json;

    @Mixin
    private ReferenceFlags reference = new ReferenceFlags();

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    @Mixin
    private LoadFlags load = new LoadFlags();

    PerplexityCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        EvaluationText text = EvaluationText.read(file);
        Jllm jllm = catalogue.jllm(console);
        LoadOptions options = load.options();
        requireDecoder(jllm, model, options);
        Optional<ReferenceFlags.Reference> compared = reference.of(jllm, model, options);
        compared.ifPresent(other -> requireDecoder(jllm, other.model(), other.options()));
        Windows windows = windows(jllm, options, compared);
        LoadOptions fitting = withContext(windows.length(), options);
        int[] ids = ids(jllm, text, fitting);
        PerplexityFigures figures = compared.isEmpty()
                ? measure(jllm, fitting, windows, ids)
                : measure(jllm, fitting, compared.get(), windows, ids);
        boolean usual = options.context() == null;
        new PerplexityReport(model, file, text, windows, usual, figures, compared.orElse(null))
                .print(console.out(), json);
        return 0;
    }

    private static void requireDecoder(Jllm jllm, String name, LoadOptions options) {
        if (jllm.isEncoder(name, options)) {
            throw new UnsupportedModelException(
                    name + " is an encoder: perplexity is of models that continue texts, token by token");
        }
    }

    private Windows windows(Jllm jllm, LoadOptions options, Optional<ReferenceFlags.Reference> compared) {
        Integer asked = options.context();
        int length = asked != null
                ? asked
                : Math.min(USUAL_WINDOW, jllm.memory(model, options).context());
        if (asked == null && compared.isPresent()) {
            ReferenceFlags.Reference other = compared.get();
            length =
                    Math.min(length, jllm.memory(other.model(), other.options()).context());
        }
        return stride == null ? Windows.halfOverlapping(length) : new Windows(length, stride);
    }

    private static LoadOptions withContext(int context, LoadOptions options) {
        return LoadOptions.builder().context(context).build().orElse(options);
    }

    private int[] ids(Jllm jllm, EvaluationText text, LoadOptions options) {
        try (Tokenizer tokenizer = jllm.loadTokenizer(model, options)) {
            return PromptEncoder.encode(MarkedText.of(text.text()), tokenizer, true);
        }
    }

    private PerplexityFigures measure(Jllm jllm, LoadOptions options, Windows windows, int[] ids) {
        try (DecoderBackend decoder = jllm.loadDecoder(model, options)) {
            return measure(new Perplexity(decoder, windows), ids);
        }
    }

    private PerplexityFigures measure(
            Jllm jllm, LoadOptions options, ReferenceFlags.Reference compared, Windows windows, int[] ids) {
        LoadOptions otherOptions = withContext(windows.length(), compared.options());
        jllm.checkMemory(model, options, compared.model(), otherOptions);
        try (DecoderBackend decoder = jllm.loadDecoder(model, options);
                DecoderBackend other = jllm.loadDecoder(compared.model(), otherOptions)) {
            return measure(new Perplexity(decoder, other, windows), ids);
        }
    }

    private PerplexityFigures measure(Perplexity perplexity, int[] ids) {
        try (LoadProgress progress = LoadProgress.on(console, "scoring")) {
            return perplexity.measure(ids, progress);
        }
    }
}
