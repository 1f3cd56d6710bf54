package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jllm.tokenizer.PythonTokenizer.PrefixSpace;

/** What the makers of Python classes over a sentencepiece model share. */
abstract class SentencePieceClass {
    static final String UNK = "unk_token";
    static final String EOS = "eos_token";
    static final String BOS = "bos_token";
    static final String SEP = "sep_token";
    static final String CLS = "cls_token";
    static final String PAD = "pad_token";
    static final String MASK = "mask_token";

    final SentencePieceModel model;
    final ObjectNode config;
    private final Map<String, Path> files;
    private final boolean lowerCaseAfterLoading;

    SentencePieceClass(SentencePieceModel model, ObjectNode config, Map<String, Path> files) {
        this.model = model;
        this.config = config;
        this.files = files;
        lowerCaseAfterLoading = TokenizerJson.bool(config.path("set_after_loading"), "do_lower_case", false);
    }

    static SubwordModel subwords(SentencePieceSubwords.Cutter cutter, SentencePieceModel model) {
        return new SentencePieceSubwords(model, cutter, SentencePieceSubwords.Ids.ofPieces(model), model.unknownId());
    }

    static Frame clsSep(AddedVocabulary vocabulary) {
        return Frame.clsSep(id(vocabulary, CLS), id(vocabulary, SEP));
    }

    static Frame roberta(AddedVocabulary vocabulary) {
        int[] sep = {id(vocabulary, SEP)};
        int[] twice = {sep[0], sep[0]};
        return Frame.of(new int[] {id(vocabulary, CLS)}, twice, new int[0], sep, 0);
    }

    AddedTokens added(Map<String, AddedToken> defaults) {
        return AddedTokens.read(config, files, defaults);
    }

    AddedToken token(String key, String fallback) {
        if (config.path(key).isObject()) {
            return TokenizerJson.addedToken(config.get(key), key).asSpecial();
        }
        String given = TokenizerJson.string(config, key);
        return AddedToken.special(given == null ? fallback : given);
    }

    PythonTokenizer.Settings settings(boolean lowerCase, boolean cleanUpByDefault, PrefixSpace prefixSpace) {
        return new PythonTokenizer.Settings(
                lowerCase || lowerCaseAfterLoading,
                flag("split_special_tokens", false),
                flag("clean_up_tokenization_spaces", cleanUpByDefault),
                prefixSpace);
    }

    boolean flag(String key, boolean fallback) {
        return TokenizerJson.bool(config, key, fallback);
    }

    static String name(AddedTokens added, String role) {
        AddedToken token = added.roles().get(role);
        return token == null ? "" : token.content();
    }

    static int id(AddedVocabulary vocabulary, String role) {
        return vocabulary.idOfRole(role);
    }

    static Map<String, AddedToken> robertaDefaults() {
        Map<String, AddedToken> defaults =
                defaults(BOS, "<s>", EOS, "</s>", SEP, "</s>", CLS, "<s>", UNK, "<unk>", PAD, "<pad>");
        defaults.put(MASK, AddedToken.leftStripping("<mask>"));
        return defaults;
    }

    static Map<String, AddedToken> defaults(String... rolesAndNames) {
        Map<String, AddedToken> defaults = new LinkedHashMap<>();
        for (int i = 0; i < rolesAndNames.length; i += 2) {
            defaults.put(rolesAndNames[i], AddedToken.special(rolesAndNames[i + 1]));
        }
        return defaults;
    }
}
