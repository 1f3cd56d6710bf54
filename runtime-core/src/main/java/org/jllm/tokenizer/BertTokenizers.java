package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidModelException;

/** {@code BertTokenizer} and its relatives, the Python classes of Transformers 4.40 over {@code vocab.txt}. */
final class BertTokenizers {
    /** The classes that are known. */
    static final Set<String> NAMES = Set.of("BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer");

    private BertTokenizers() {}

    static PythonTokenizer create(Path vocabularyFile, ObjectNode config, Map<String, Path> files) {
        AddedTokens added = AddedTokens.read(config, files, defaults());
        boolean basic = TokenizerJson.bool(config, "do_basic_tokenize", true);
        boolean lowerCase = TokenizerJson.bool(config, "do_lower_case", true);
        TokenList vocabulary = TokenList.read(vocabularyFile, unknown(added));
        Set<String> neverSplit = neverSplit(config);
        BertSubwords.WordTokenizer words = basic
                ? new BasicTokenizer(
                        lowerCase,
                        TokenizerJson.bool(config, "tokenize_chinese_chars", true),
                        TokenizerJson.bool(config, "strip_accents", lowerCase),
                        true,
                        neverSplit)::words
                : (text, whole) -> PythonText.split(text);
        BertSubwords subwords =
                new BertSubwords(vocabulary, words, new WordPiece(vocabulary), basic ? neverSplit : Set.of());
        return of(subwords, added, config, basic && lowerCase, new WordPieceStyle());
    }

    /**
     * A tokenizer of words and sub-words with the frame and the decoding of BERT.
     *
     * @param lowerCase whether text is lower-cased before anything else
     */
    static PythonTokenizer of(
            BertSubwords subwords, AddedTokens added, ObjectNode config, boolean lowerCase, JoinStyle style) {
        AddedVocabulary vocabulary = new AddedVocabulary(subwords, added);
        return new PythonTokenizer(
                subwords.withSpecial(
                        added.special().stream().map(AddedToken::content).toList()),
                vocabulary,
                Frame.clsSep(vocabulary.idOfRole("cls_token"), vocabulary.idOfRole("sep_token")),
                style,
                new PythonTokenizer.Settings(
                        lowerCase,
                        TokenizerJson.bool(config, "split_special_tokens", false),
                        TokenizerJson.bool(config, "clean_up_tokenization_spaces", true),
                        PythonTokenizer.PrefixSpace.OF_MODEL));
    }

    static String unknown(AddedTokens added) {
        AddedToken unknown = added.roles().get("unk_token");
        if (unknown == null) {
            throw new InvalidModelException("tokenizer configuration: unk_token is not set; the class needs it");
        }
        return unknown.content();
    }

    /** The special tokens that these classes have by default. */
    static Map<String, AddedToken> defaults() {
        Map<String, AddedToken> defaults = new LinkedHashMap<>();
        defaults.put("unk_token", AddedToken.special("[UNK]"));
        defaults.put("sep_token", AddedToken.special("[SEP]"));
        defaults.put("pad_token", AddedToken.special("[PAD]"));
        defaults.put("cls_token", AddedToken.special("[CLS]"));
        defaults.put("mask_token", AddedToken.special("[MASK]"));
        return defaults;
    }

    static Set<String> neverSplit(ObjectNode config) {
        JsonNode list = config.path("never_split");
        Set<String> words = new HashSet<>();
        if (!list.isMissingNode() && !list.isNull()) {
            if (!list.isArray()) {
                throw new InvalidModelException("tokenizer configuration: never_split is no list: " + list);
            }
            for (JsonNode word : list) {
                if (!word.isTextual()) {
                    throw new InvalidModelException("tokenizer configuration: never_split has " + word + ", no string");
                }
                words.add(word.textValue());
            }
        }
        return words;
    }
}
