package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jllm.api.JllmException;
import org.jllm.api.WordOptions;
import org.jllm.tokenizer.words.AnalyserChoice;
import org.jspecify.annotations.Nullable;

/** Which tokenizer a model has, and why. */
public final class TokenizerChoice {
    private static final List<String> VOCABULARIES = List.of(
            "tokenizer_file",
            "vocab_file",
            "merges_file",
            "dict_file",
            "emoji_file",
            "spm_file",
            "codes_file",
            "table_file");

    private final ObjectNode config;
    private final Map<String, Path> files;
    private final String why;
    private final Cutting cutting;
    private final WordOptions words;

    /**
     * @param config what it is configured by; {@code tokenizer_class} is the class
     * @param files by role
     * @param why what decided
     * @param cutting how Juman++ cuts the text before the tokenizer gets it
     * @param words where the words come from, if it needs an analyser
     */
    TokenizerChoice(ObjectNode config, Map<String, Path> files, String why, Cutting cutting, WordOptions words) {
        this.config = config;
        this.files = Map.copyOf(files);
        this.why = why;
        this.cutting = cutting;
        this.words = words;
    }

    /** Loads it. */
    public Tokenizer load() {
        Path json = files.get("tokenizer_file");
        Tokenizer tokenizer = cutting == Cutting.AS_WRITTEN && json != null
                ? TokenizerJsonOfWords.load(json, config, files)
                : Tokenizers.create(config, new LinkedHashMap<>(files), words);
        if (!isToBeCut()) {
            return tokenizer;
        }
        try {
            return new SegmentedTokenizer(
                    tokenizer, WordTokenizers.jumanpp(words).open(), cutting);
        } catch (JllmException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** Text with spaces between its words is what some of these models read. */
    private boolean isToBeCut() {
        return cutting == Cutting.AS_WRITTEN
                || (cutting == Cutting.FULL_WIDTH && !Boolean.TRUE.equals(words.preSegmented()));
    }

    /** The class, the files and the reason in one line. */
    public String text() {
        String name = TokenizerJson.string(config, "tokenizer_class");
        boolean fast = files.containsKey("tokenizer_file");
        Stream<String> roles = fast ? Stream.of("tokenizer_file") : VOCABULARIES.stream();
        String over = roles.flatMap(role -> Stream.ofNullable(files.get(role)))
                .map(file -> String.valueOf(file.getFileName()))
                .collect(Collectors.joining(" and "));
        return (name == null ? "the bare algorithm" : name) + " over " + over + " (" + why + ")"
                + analyser(name).map(choice -> "; " + choice.text()).orElse("");
    }

    private Optional<AnalyserChoice> analyser(@Nullable String name) {
        if (isToBeCut() || files.containsKey("codes_file")) {
            return Optional.of(WordTokenizers.jumanpp(words));
        }
        if (name == null || files.containsKey("tokenizer_file")) {
            return Optional.empty();
        }
        String slow = TokenizerClasses.slowName(name);
        if (slow.equals("BertJapaneseTokenizer")) {
            return WordTokenizers.choose(config, words);
        }
        return SudachiTokenizers.NAMES.contains(slow)
                ? Optional.of(SudachiTokenizers.choose(config, words))
                : Optional.empty();
    }
}
