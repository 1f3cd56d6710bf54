package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jspecify.annotations.Nullable;

/** {@code BertJapaneseTokenizer}, the Python class of Transformers 4.40: words of an analyser, then sub-words of each. */
final class BertJapaneseTokenizers {
    private BertJapaneseTokenizers() {}

    static PythonTokenizer create(ObjectNode config, Map<String, Path> files, WordOptions options) {
        AddedTokens added = AddedTokens.read(config, files, BertTokenizers.defaults());
        Set<String> neverSplit = BertTokenizers.neverSplit(config);
        boolean lowerCase = TokenizerJson.bool(config, "do_lower_case", false);
        BertSubwords.WordTokenizer words = TokenizerJson.bool(config, "do_word_tokenize", true)
                ? WordTokenizers.create(config, options, lowerCase, neverSplit)
                : (text, whole) -> List.of(text);
        String type = string(config, "subword_tokenizer_type", "wordpiece");
        if (type.equals("sentencepiece")) {
            SentencePieceModel model = SentencePieceModel.load(file(files, "spm_file", type));
            SentencePieceWords pieces = new SentencePieceWords(model);
            return BertTokenizers.of(
                    new BertSubwords(pieces, words, pieces, Set.of()),
                    added,
                    config,
                    lowerCase,
                    new SentencePieceStyle(model, SentencePieceStyle.Spaces.AS_PIECES, false, false));
        }
        TokenList vocabulary = TokenList.read(file(files, "vocab_file", type), BertTokenizers.unknown(added));
        WordSplitter splitter = switch (type) {
            case "wordpiece" -> new WordPiece(vocabulary);
            case "character" -> new CharacterSplitter(vocabulary);
            default ->
                throw new InvalidModelException("tokenizer configuration: subword_tokenizer_type is " + type
                        + ", not one of wordpiece, character, sentencepiece");
        };
        if (!TokenizerJson.bool(config, "do_subword_tokenize", true)) {
            splitter = new WholeWords(vocabulary);
        }
        return BertTokenizers.of(
                new BertSubwords(vocabulary, words, splitter, Set.of()),
                added,
                config,
                lowerCase,
                new WordPieceStyle());
    }

    private static Path file(Map<String, Path> files, String role, String type) {
        Path file = files.get(role);
        if (file == null) {
            throw new UnsupportedModelException("BertJapaneseTokenizer with subword_tokenizer_type " + type
                    + " needs " + (role.equals("spm_file") ? "spiece.model" : "vocab.txt")
                    + ", which is not there; get the tokenizer's files");
        }
        return file;
    }

    private static String string(ObjectNode config, String key, String fallback) {
        @Nullable String value = TokenizerJson.string(config, key);
        return value == null ? fallback : value;
    }
}
