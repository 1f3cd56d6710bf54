package org.jllm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jllm.api.InvalidModelException;
import org.jllm.api.JllmException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.StrictJson;
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

    /** The verdicts on a folder: one on its {@link #FILE}, or one on each of its files of words; none if it has neither. */
    public List<Verdict> verifyAll(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE))
                ? List.of(verify(folder))
                : WordsVerifier.files(folder).stream().map(Verifier::words).toList();
    }

    private static Verdict words(Path file) {
        try {
            return verdict(WordsVerifier.verify(file));
        } catch (JllmException e) {
            return new Verdict(WordsVerifier.name(file), "", "", Outcome.FAIL, String.valueOf(e.getMessage()));
        }
    }

    /** The verdict on a folder; what cannot be read fails. */
    public Verdict verify(Path folder) {
        String name = String.valueOf(folder.getFileName());
        try {
            JsonNode golden = StrictJson.object(folder.resolve(FILE));
            name = golden.path("case").asText(name);
            return TokenizerVerifier.isTokenizerCase(golden) ? tokenizer(folder) : model(name, folder, golden);
        } catch (UnsupportedModelException e) {
            return new Verdict(name, "", "", Outcome.UNSUPPORTED, String.valueOf(e.getMessage()));
        } catch (JllmException e) {
            return new Verdict(name, "", "", Outcome.FAIL, String.valueOf(e.getMessage()));
        }
    }

    private Verdict tokenizer(Path folder) {
        return verdict(TokenizerVerifier.verify(folder, ggufTokenizers));
    }

    private static Verdict verdict(TokenizerVerification result) {
        String unsupported = result.unsupported();
        if (unsupported != null) {
            return new Verdict(result.name(), "", "", Outcome.UNSUPPORTED, unsupported);
        }
        return new Verdict(
                result.name(),
                result.wrong() + "/" + result.samples(),
                "0",
                result.outcome(),
                result.problems().stream().findFirst().orElse(""));
    }

    @FunctionalInterface
    private interface KindVerifier {
        void verify(Path folder, JsonNode golden, ModelLoader loader, Differences differences);
    }

    private static KindVerifier ofKind(String kind) {
        return switch (kind) {
            case "causal-lm" -> DecoderVerifier::verify;
            case "audio" -> AudioVerifier::verify;
            case "encoder" -> EncoderVerifier::verify;
            default -> throw new UnsupportedModelException("cases of kind '" + kind + "' are not supported yet");
        };
    }

    private Verdict model(String name, Path folder, JsonNode golden) {
        KindVerifier verifier = ofKind(golden.path("kind").asText());
        if (!golden.path("tolerance").isNumber()) {
            throw new InvalidModelException(FILE + ": tolerance must be a number, not " + golden.path("tolerance"));
        }
        Differences differences = new Differences(golden.path("tolerance").doubleValue());
        verifier.verify(folder, golden, loader, differences);
        return new Verdict(
                name,
                String.format(Locale.ROOT, "%.2e", differences.largest()),
                String.format(Locale.ROOT, "%.1e", differences.tolerance()),
                differences.failure().isEmpty() ? Outcome.PASS : Outcome.FAIL,
                differences.failure().orElse(""));
    }
}
