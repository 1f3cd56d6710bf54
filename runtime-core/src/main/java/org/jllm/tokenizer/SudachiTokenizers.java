package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jllm.tokenizer.words.AnalyserChoice;
import org.jllm.tokenizer.words.SudachiWords;
import org.jllm.tokenizer.words.WordForm;
import org.jspecify.annotations.Nullable;

/**
 * {@code BertSudachipyTokenizer} and {@code ElectraSudachipyTokenizer} of SudachiTra: Sudachi's words in a form that the
 * configuration names, then WordPiece, characters, or whole words with their parts of speech for those that are unknown.
 */
final class SudachiTokenizers {
    static final Set<String> NAMES = Set.of("BertSudachipyTokenizer", "ElectraSudachipyTokenizer");

    private SudachiTokenizers() {}

    static PythonTokenizer create(Path file, ObjectNode config, Map<String, Path> files, WordOptions options) {
        AddedTokens added = AddedTokens.read(config, files, BertTokenizers.defaults());
        TokenList vocabulary = TokenList.read(file, BertTokenizers.unknown(added));
        String type = subwords(config);
        WordSplitter splitter = switch (type) {
            case "wordpiece" -> new WordPiece(vocabulary);
            case "character" -> new CharacterSplitter(vocabulary);
            default -> new WholeWords(vocabulary);
        };
        boolean lowerCase = TokenizerJson.bool(config, "do_lower_case", false);
        AnalysedWords.Before before =
                new AnalysedWords.Before(false, TokenizerJson.bool(config, "do_nfkc", false), false);
        BertSubwords.WordTokenizer words =
                new AnalysedWords(choose(config, options, vocabulary).open(), before, false, false, Set.of());
        return BertTokenizers.of(
                new BertSubwords(vocabulary, words, splitter, Set.of()),
                added,
                config,
                lowerCase,
                new WordPieceStyle());
    }

    /** The analyser that a configuration asks for. */
    static AnalyserChoice choose(ObjectNode config, WordOptions options) {
        return choose(config, options, null);
    }

    private static AnalyserChoice choose(ObjectNode config, WordOptions options, @Nullable TokenList vocabulary) {
        if (!TokenizerJson.bool(config, "do_word_tokenize", true)
                || !string(config, "word_tokenizer_type", "sudachipy").equals("sudachipy")) {
            throw new InvalidModelException(
                    "tokenizer configuration: SudachiTra's classes need word_tokenizer_type sudachipy");
        }
        if (Boolean.TRUE.equals(options.preSegmented())) {
            return new AnalyserChoice("words between spaces (pre_segmented)", () -> PythonText::split);
        }
        ObjectNode arguments =
                config.path("sudachipy_kwargs") instanceof ObjectNode given ? given : config.objectNode();
        WordTokenizers.check(arguments, "sudachipy_kwargs", Set.of("split_mode", "dict_type", "resource_dir"));
        String type = string(arguments, "dict_type", "core");
        String mode = mode(string(arguments, "split_mode", "A"));
        WordForm form = form(string(config, "word_form_type", "surface"));
        return subwords(config).equals("pos_substitution") && vocabulary != null
                ? SudachiWords.chooseSubstituting(
                        type, mode, form, options, word -> vocabulary.id(word) != BaseVocabulary.NONE)
                : SudachiWords.choose(type, mode, form, options);
    }

    private static String subwords(ObjectNode config) {
        String type = string(config, "subword_tokenizer_type", "wordpiece");
        if (!Set.of("wordpiece", "character", "pos_substitution").contains(type)) {
            throw new InvalidModelException("tokenizer configuration: subword_tokenizer_type is " + type
                    + ", not one of wordpiece, character, pos_substitution");
        }
        return TokenizerJson.bool(config, "do_subword_tokenize", true) ? type : "none";
    }

    static String mode(String mode) {
        String upper = mode.toUpperCase(Locale.ROOT);
        if (!Set.of("A", "B", "C").contains(upper)) {
            throw new InvalidModelException(
                    "tokenizer configuration: the split mode of Sudachi is " + mode + ", not A, B or C");
        }
        return upper;
    }

    static WordForm form(String name) {
        return WordForm.of(name)
                .orElseThrow(() -> new UnsupportedModelException("Sudachi's words in the form " + name
                        + " are not supported; supported are " + WordForm.keys()));
    }

    static String string(ObjectNode config, String key, String fallback) {
        String value = TokenizerJson.string(config, key);
        return value == null ? fallback : value;
    }
}
