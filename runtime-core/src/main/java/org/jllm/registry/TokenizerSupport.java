package org.jllm.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jllm.api.EngineException;
import org.jllm.api.JllmException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.tokenizer.Tokenizer;
import org.jllm.tokenizer.Tokenizers;

/**
 * Which tokenizer classes this version knows. It asks {@link Tokenizers} itself, with a model whose files are empty: a class
 * that is not known is unsupported, one that is known finds its files damaged. Safe for use by several threads.
 */
final class TokenizerSupport {
    private static final List<String> SENTENCEPIECE = List.of("spiece.model");
    private static final List<String> WORDS = List.of("vocab.txt");

    /** The files that a repository has for a class, where no {@code tokenizer.json} goes with it. */
    private static final Map<String, List<String>> FILES = Map.of(
            "T5Tokenizer",
            SENTENCEPIECE,
            "AlbertTokenizer",
            SENTENCEPIECE,
            "XLNetTokenizer",
            SENTENCEPIECE,
            "BertGenerationTokenizer",
            SENTENCEPIECE,
            "DebertaV2Tokenizer",
            List.of("spm.model", "spiece.model", "tokenizer.model"),
            "MLukeTokenizer",
            List.of("sentencepiece.bpe.model", "entity_vocab.json"),
            "BertJapaneseTokenizer",
            WORDS,
            "GPTNeoXJapaneseTokenizer",
            List.of("vocab.txt", "emoji.json"),
            "GPT2Tokenizer",
            List.of("vocab.json", "merges.txt"),
            "LlamaTokenizer",
            List.of("tokenizer.model"));

    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    boolean reads(String className) {
        return known.computeIfAbsent(className, TokenizerSupport::ask);
    }

    private static boolean ask(String className) {
        try {
            Path folder = Files.createTempDirectory("jllm-tokenizer");
            try {
                Files.writeString(
                        folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"" + className + "\"}");
                for (String name : FILES.getOrDefault(className, List.of("tokenizer.json"))) {
                    Files.createFile(folder.resolve(name));
                }
                return isKnown(folder);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new EngineException(
                    "cannot write to the folder for temporary files: name another with JLLM_JAVA_OPTIONS=-Djava.io.tmpdir=…",
                    e);
        }
    }

    private static boolean isKnown(Path folder) {
        try (Tokenizer tokenizer = Tokenizers.load(folder)) {
            return true;
        } catch (UnsupportedModelException e) {
            return false;
        } catch (JllmException e) {
            return true;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
