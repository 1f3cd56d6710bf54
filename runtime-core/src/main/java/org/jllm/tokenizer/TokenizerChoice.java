package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which tokenizer a model has, and why.
 *
 * @param config what it is configured by; {@code tokenizer_class} is the class
 * @param files by role
 * @param why what decided
 */
public record TokenizerChoice(ObjectNode config, Map<String, Path> files, String why) {
    private static final List<String> VOCABULARIES =
            List.of("tokenizer_file", "vocab_file", "merges_file", "dict_file", "emoji_file", "spm_file");

    public TokenizerChoice {
        files = Map.copyOf(files);
    }

    /** Loads it. */
    public Tokenizer load() {
        return Tokenizers.create(config, new LinkedHashMap<>(files));
    }

    /** The class, the files and the reason in one line. */
    public String text() {
        String name = TokenizerJson.string(config, "tokenizer_class");
        boolean fast = files.containsKey("tokenizer_file");
        Stream<String> roles = fast ? Stream.of("tokenizer_file") : VOCABULARIES.stream();
        String over = roles.flatMap(role -> Stream.ofNullable(files.get(role)))
                .map(file -> String.valueOf(file.getFileName()))
                .collect(Collectors.joining(" and "));
        return (name == null ? "the bare algorithm" : name) + " over " + over + " (" + why + ")";
    }
}
