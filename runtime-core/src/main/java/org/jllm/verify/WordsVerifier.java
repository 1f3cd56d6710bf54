package org.jllm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jllm.checkpoint.StrictJson;
import org.jllm.tokenizer.words.Analyser;
import org.jllm.tokenizer.words.AnalyserChoice;
import org.jllm.tokenizer.words.MecabChooser;
import org.jllm.tokenizer.words.MecabDictionaryKind;
import org.jllm.tokenizer.words.MecabOption;

/** Runs golden words of MeCab: files with texts and their surfaces, whose case names the dictionary. */
final class WordsVerifier {
    private static final int SHOWN = 10;

    private static final Map<String, MecabDictionaryKind> DICTIONARIES = Map.of(
            "words-ipadic", MecabDictionaryKind.IPADIC,
            "words-unidic", MecabDictionaryKind.UNIDIC,
            "words-unidic-lite", MecabDictionaryKind.UNIDIC_LITE,
            "words-juman", MecabDictionaryKind.JUMANDIC);

    private WordsVerifier() {}

    /** The files of a folder that have golden words. */
    static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> DICTIONARIES.containsKey(name(file)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + folder + ": " + e.getMessage(), e);
        }
    }

    /** The name of the case in a file such as {@code ipadic.json}. */
    static String name(Path file) {
        return "words-" + String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
    }

    static TokenizerVerification verify(Path file) {
        JsonNode golden = StrictJson.object(file);
        String name = golden.path("case").asText(name(file));
        MecabDictionaryKind kind = DICTIONARIES.get(name);
        if (kind == null) {
            throw new InvalidModelException(file + ": the case " + name + " names no dictionary; known are "
                    + DICTIONARIES.keySet().stream().sorted().toList());
        }
        AnalyserChoice choice;
        try {
            choice = MecabChooser.ofMachine().choose(kind, MecabOption.none(), WordOptions.none());
        } catch (UnsupportedModelException e) {
            return TokenizerVerification.unsupported(name, String.valueOf(e.getMessage()));
        }
        List<String> problems = new ArrayList<>();
        int samples = 0;
        int wrong = 0;
        try (Analyser analyser = choice.open()) {
            for (JsonNode sample : golden.path("samples")) {
                samples++;
                List<String> expected = new ArrayList<>();
                sample.path("surfaces").forEach(word -> expected.add(word.asText()));
                List<String> found = analyser.words(sample.path("text").asText());
                if (!found.equals(expected)) {
                    wrong++;
                    problems.add(difference(found, expected) + " with " + choice.text());
                }
            }
        }
        return new TokenizerVerification(
                name, samples, wrong, problems.subList(0, Math.min(SHOWN, problems.size())), null);
    }

    private static String difference(List<String> found, List<String> expected) {
        int same = 0;
        while (same < Math.min(found.size(), expected.size()) && found.get(same).equals(expected.get(same))) {
            same++;
        }
        return "word " + (same + 1) + ": " + near(found, same) + " instead of " + near(expected, same);
    }

    private static List<String> near(List<String> words, int from) {
        return words.subList(from, Math.min(words.size(), from + 3));
    }
}
