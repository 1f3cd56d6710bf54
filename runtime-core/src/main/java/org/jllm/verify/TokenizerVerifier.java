package org.jllm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jllm.checkpoint.StrictJson;
import org.jllm.tokenizer.Tokenizer;
import org.jllm.tokenizer.Tokenizers;

/** Runs golden cases of tokenizers: folders with a {@code golden.json} that has {@code samples}. */
public final class TokenizerVerifier {
    private static final String TOKENIZER_FOLDER = "tokenizers/";
    /** The role of a file that holds its vocabulary in GGUF. */
    private static final String GGUF_FILE = "gguf_file";

    private TokenizerVerifier() {}

    /** Loads the tokenizer of a GGUF file, which only an engine can. */
    @FunctionalInterface
    public interface GgufTokenizers {
        Tokenizer load(Path file);

        /** Where no engine for GGUF is at hand. */
        static GgufTokenizers none() {
            return file -> {
                throw new UnsupportedModelException(
                        "the vocabulary of " + file + " needs the engine 'gguf', which is not part of this build");
            };
        }
    }

    /** Whether a parsed {@code golden.json} is a case of a tokenizer. */
    public static boolean isTokenizerCase(JsonNode golden) {
        return golden.has("samples") && !golden.has("kind");
    }

    /**
     * Runs a case.
     *
     * @param folder of the case; {@code tokenizers/NAME}, where its files are to be found, lies beside the folder that
     *     holds the cases
     * @throws InvalidModelException if the case or the tokenizer's files are damaged
     * @throws ModelNotFoundException if there is no {@code golden.json} or a file that it names is missing
     */
    public static TokenizerVerification verify(Path folder) {
        return verify(folder, GgufTokenizers.none());
    }

    /** Runs a case, with the tokenizers of GGUF files. */
    public static TokenizerVerification verify(Path folder, GgufTokenizers gguf) {
        return verify(folder, folder.toAbsolutePath().normalize().resolveSibling(""), gguf);
    }

    /**
     * Runs a case whose files lie elsewhere.
     *
     * @param cases the folder that holds the cases whose files this one names; {@code tokenizers} lies beside it
     */
    public static TokenizerVerification verify(Path folder, Path cases) {
        return verify(folder, cases, GgufTokenizers.none());
    }

    private static TokenizerVerification verify(Path folder, Path cases, GgufTokenizers gguf) {
        JsonNode golden = StrictJson.object(folder.resolve("golden.json"));
        String name = golden.path("case").asText(String.valueOf(folder.getFileName()));
        if (!golden.path("samples").isArray()) {
            throw new InvalidModelException(folder.resolve("golden.json") + ": samples is no list");
        }
        if (!(golden.path("config") instanceof ObjectNode config)) {
            return TokenizerVerification.unsupported(name, "the case gives no config (words of an analyser)");
        }
        Map<String, Path> files = files(folder, cases, golden.path("files"));
        Path vocabulary = files.get(GGUF_FILE);
        try (Tokenizer tokenizer = vocabulary != null
                ? gguf.load(vocabulary)
                : Tokenizers.create(config.deepCopy(), files, WordOptions.none())) {
            return new TokenizerCheck(tokenizer, golden).run(name);
        } catch (UnsupportedModelException e) {
            return TokenizerVerification.unsupported(name, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Path> files(Path folder, Path cases, JsonNode entries) {
        JsonNode where = entries.path("folder");
        Path base = folder;
        if (where.isTextual()) {
            String text = where.textValue();
            base = text.startsWith(TOKENIZER_FOLDER)
                    ? cases.resolveSibling("tokenizers").resolve(text.substring(TOKENIZER_FOLDER.length()))
                    : cases.resolve(text);
        }
        Map<String, Path> files = new HashMap<>();
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : entries.properties()) {
            if (!entry.getKey().equals("folder") && entry.getValue().isTextual()) {
                Path file = base.resolve(entry.getValue().textValue());
                files.put(entry.getKey(), file);
                if (!Files.isRegularFile(file)) {
                    missing.add(file.toString());
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new ModelNotFoundException(folder + ": " + String.join(", ", missing)
                    + " does not exist; the folder tokenizers lies beside that of the cases");
        }
        return files;
    }
}
