package org.jllm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jllm.api.InvalidModelException;
import org.jllm.api.JllmException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.generation.ModelLoader;
import org.jllm.verify.TokenizerVerifier.GgufTokenizers;
import org.jllm.verify.Verdict.Outcome;

/** Checks folders with a {@code golden.json}. Safe for use by several threads. */
public final class Verifier {
    /** The name of the file that makes a folder a golden case. */
    public static final String FILE = "golden.json";

    private final ModelLoader loader;
    private final GgufTokenizers ggufTokenizers;

    /** @param loader the engine that computes the cases of models */
    public Verifier(ModelLoader loader) {
        this(loader, GgufTokenizers.none());
    }

    /**
     * A verifier that runs the cases of GGUF files too.
     *
     * @param loader the engine that computes the cases of models
     */
    public Verifier(ModelLoader loader, GgufTokenizers ggufTokenizers) {
        this.loader = loader;
        this.ggufTokenizers = ggufTokenizers;
    }

    /**
     * The verdict on a folder.
     *
     * @throws InvalidModelException if {@code golden.json} cannot be read
     */
    public Verdict verify(Path folder) {
        JsonNode golden = read(folder.resolve(FILE));
        return TokenizerVerifier.isTokenizerCase(golden) ? tokenizer(folder) : model(folder, golden);
    }

    private Verdict tokenizer(Path folder) {
        TokenizerVerification result;
        try {
            result = TokenizerVerifier.verify(folder, ggufTokenizers);
        } catch (JllmException e) {
            return new Verdict(
                    String.valueOf(folder.getFileName()), "", "", Outcome.FAIL, String.valueOf(e.getMessage()));
        }
        String unsupported = result.unsupported();
        if (unsupported != null) {
            return new Verdict(result.name(), "", "", Outcome.UNSUPPORTED, unsupported);
        }
        return new Verdict(
                result.name(),
                result.wrong() + "/" + result.samples(),
                "0",
                result.problems().isEmpty() && result.samples() > 0 ? Outcome.PASS : Outcome.FAIL,
                result.problems().stream().findFirst().orElse(""));
    }

    private Verdict model(Path folder, JsonNode golden) {
        String name = golden.path("case").asText(String.valueOf(folder.getFileName()));
        String kind = golden.path("kind").asText();
        if (!kind.equals("causal-lm")) {
            return new Verdict(name, "", "", Outcome.UNSUPPORTED, "cases of kind '" + kind + "' are not supported yet");
        }
        Differences differences = new Differences(golden.path("tolerance").doubleValue());
        try {
            DecoderVerifier.verify(folder, golden, loader, differences);
        } catch (UnsupportedModelException e) {
            return new Verdict(name, "", "", Outcome.UNSUPPORTED, String.valueOf(e.getMessage()));
        } catch (JllmException e) {
            return new Verdict(name, "", "", Outcome.FAIL, String.valueOf(e.getMessage()));
        }
        return new Verdict(
                name,
                String.format(Locale.ROOT, "%.2e", differences.largest()),
                String.format(Locale.ROOT, "%.1e", differences.tolerance()),
                differences.failure().isEmpty() ? Outcome.PASS : Outcome.FAIL,
                differences.failure().orElse(""));
    }

    static JsonNode read(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
