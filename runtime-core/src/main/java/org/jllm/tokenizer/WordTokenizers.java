package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jllm.tokenizer.words.AnalyserChoice;
import org.jllm.tokenizer.words.JumanppAnalyser;
import org.jllm.tokenizer.words.MecabChooser;
import org.jllm.tokenizer.words.MecabDictionaryKind;
import org.jllm.tokenizer.words.MecabOption;
import org.jllm.tokenizer.words.SudachiWords;
import org.jspecify.annotations.Nullable;

/** The first step of {@code BertJapaneseTokenizer}: {@code word_tokenizer_type} and its arguments. */
final class WordTokenizers {
    private static final AnalyserChoice SPACES =
            new AnalyserChoice("words between spaces (pre_segmented)", () -> PythonText::split);

    private WordTokenizers() {}

    static BertSubwords.WordTokenizer create(
            ObjectNode config, WordOptions options, boolean lowerCase, Set<String> neverSplit) {
        Optional<AnalyserChoice> choice = choose(config, options);
        if (choice.isEmpty()) {
            return new BasicTokenizer(lowerCase, false, lowerCase, true, neverSplit)::words;
        }
        String type = type(config);
        ObjectNode arguments = arguments(config, type);
        return new AnalysedWords(
                choice.get().open(),
                new AnalysedWords.Before(
                        TokenizerJson.bool(arguments, "full_width", false),
                        TokenizerJson.bool(arguments, "normalize_text", true),
                        type.equals("jumanpp")),
                lowerCase,
                TokenizerJson.bool(arguments, "trim_whitespace", false),
                neverSplit);
    }

    /** The analyser that a configuration asks for; empty: none but the basic tokenizer. */
    static Optional<AnalyserChoice> choose(ObjectNode config, WordOptions options) {
        String type = type(config);
        if (!TokenizerJson.bool(config, "do_word_tokenize", true) || type.equals("basic")) {
            return Optional.empty();
        }
        boolean segmented = Boolean.TRUE.equals(options.preSegmented());
        return Optional.of(
                switch (type) {
                    case "mecab" -> segmented ? SPACES : mecab(arguments(config, type), options);
                    case "jumanpp" -> segmented ? SPACES : jumanpp(arguments(config, type));
                    case "sudachi" -> segmented ? SPACES : sudachi(arguments(config, type), options);
                    default ->
                        throw new InvalidModelException("tokenizer configuration: word_tokenizer_type is " + type
                                + ", not one of basic, mecab, sudachi, jumanpp");
                });
    }

    private static String type(ObjectNode config) {
        String type = TokenizerJson.string(config, "word_tokenizer_type");
        return type == null ? "basic" : type;
    }

    private static ObjectNode arguments(ObjectNode config, String type) {
        JsonNode given = config.path(type + "_kwargs");
        if (given.isMissingNode() || given.isNull()) {
            return config.objectNode();
        }
        if (given instanceof ObjectNode arguments) {
            return arguments;
        }
        throw new InvalidModelException("tokenizer configuration: " + type + "_kwargs is no object: " + given);
    }

    private static AnalyserChoice mecab(ObjectNode arguments, WordOptions options) {
        check(arguments, "mecab_kwargs", Set.of("mecab_dic", "mecab_option", "normalize_text", "full_width"));
        String option = TokenizerJson.string(arguments, "mecab_option");
        return MecabChooser.ofMachine()
                .choose(
                        dictionary(arguments),
                        option == null ? MecabOption.none() : MecabOption.parse(option),
                        options);
    }

    private static @Nullable MecabDictionaryKind dictionary(ObjectNode arguments) {
        if (arguments.path("mecab_dic").isNull()) {
            return null;
        }
        String name = TokenizerJson.string(arguments, "mecab_dic");
        return name == null
                ? MecabDictionaryKind.UNIDIC_LITE
                : MecabDictionaryKind.of(name)
                        .orElseThrow(() -> new InvalidModelException("tokenizer configuration: mecab_dic is " + name
                                + ", not one of " + MecabDictionaryKind.keys()));
    }

    /** Juman++, if the text does not come cut into words. */
    static AnalyserChoice jumanpp(WordOptions options) {
        return Boolean.TRUE.equals(options.preSegmented()) ? SPACES : JumanppAnalyser.choose();
    }

    private static AnalyserChoice jumanpp(ObjectNode arguments) {
        check(arguments, "jumanpp_kwargs", Set.of("normalize_text", "trim_whitespace", "full_width"));
        return JumanppAnalyser.choose();
    }

    private static AnalyserChoice sudachi(ObjectNode arguments, WordOptions options) {
        check(
                arguments,
                "sudachi_kwargs",
                Set.of(
                        "normalize_text",
                        "trim_whitespace",
                        "sudachi_split_mode",
                        "sudachi_dict_type",
                        "sudachi_resource_dir",
                        "sudachi_projection"));
        return SudachiWords.choose(
                SudachiTokenizers.string(arguments, "sudachi_dict_type", "core"),
                SudachiTokenizers.mode(SudachiTokenizers.string(arguments, "sudachi_split_mode", "A")),
                SudachiTokenizers.form(SudachiTokenizers.string(arguments, "sudachi_projection", "surface")),
                options);
    }

    /** Refuses arguments that would be passed over. */
    static void check(ObjectNode arguments, String where, Set<String> known) {
        for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
            if (!known.contains(argument.getKey()) && !argument.getValue().isNull()) {
                throw new UnsupportedModelException("the tokenizer's " + where + " has " + argument.getKey()
                        + ", which is not supported (supported: "
                        + String.join(", ", known.stream().sorted().toList()) + ")");
            }
        }
    }
}
