package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The kinds of tokenizers with an analyser in front: what a catalogue says of them where the files say less. */
final class WordKinds {
    private static final String JAPANESE = "BertJapaneseTokenizer";

    static final String JUMANPP_BPE = "jumanpp-tokenizers-bpe";

    /** Kinds whose model reads text that Juman++ has cut. */
    private static final Map<String, Cutting> CUT =
            Map.of("presegmented-jumanpp-spm", Cutting.FULL_WIDTH, JUMANPP_BPE, Cutting.AS_WRITTEN);

    private static final Map<String, WordKind> KINDS = Map.of(
            "bert-mecab-ipadic-wordpiece", mecab("ipadic", "wordpiece"),
            "bert-mecab-ipadic-char", mecab("ipadic", "character"),
            "bert-mecab-unidic-lite-wordpiece", mecab("unidic_lite", "wordpiece"),
            "bert-mecab-unidic-lite-char", mecab("unidic_lite", "character"),
            "mecab-unidic-lite-spm", mecab("unidic_lite", "sentencepiece"),
            "mecab-jumandic-wordpiece", new WordKind(JAPANESE, "mecab", "jumandic", "wordpiece", true),
            "bert-jumanpp-spm", new WordKind(JAPANESE, "jumanpp", null, "sentencepiece", false),
            "jumanpp-wordpiece", new WordKind(JAPANESE, "jumanpp", null, "wordpiece", true),
            "bert-sudachi-wordpiece", new WordKind("BertSudachipyTokenizer", "sudachipy", null, "wordpiece", false));

    /**
     * @param analyser as {@code word_tokenizer_type}
     * @param dictionary as {@code mecab_dic}
     * @param subwords as {@code subword_tokenizer_type}
     * @param fullWidth whether half-width characters become full-width first, in place of NFKC
     */
    private record WordKind(
            String tokenizerClass,
            String analyser,
            @Nullable String dictionary,
            String subwords,
            boolean fullWidth) {}

    private WordKinds() {}

    private static WordKind mecab(String dictionary, String subwords) {
        return new WordKind(JAPANESE, "mecab", dictionary, subwords, false);
    }

    static Set<String> all() {
        Set<String> kinds = new TreeSet<>(KINDS.keySet());
        kinds.addAll(CUT.keySet());
        return kinds;
    }

    /** The class of a kind, which counts for more than what {@code model_type} or a class of the repository's own code says. */
    static @Nullable String tokenizerClass(String kind) {
        WordKind found = KINDS.get(kind);
        return found != null
                ? found.tokenizerClass()
                : cutting(kind) == Cutting.AS_WRITTEN ? "PreTrainedTokenizerFast" : null;
    }

    /** How the text is cut before the tokenizer gets it. */
    static Cutting cutting(@Nullable String kind) {
        return kind == null ? Cutting.NONE : CUT.getOrDefault(kind, Cutting.NONE);
    }

    /** Whether a class is one whose own configuration says which analyser it takes. */
    static boolean isKnown(@Nullable String tokenizerClass) {
        return JAPANESE.equals(tokenizerClass)
                || (tokenizerClass != null && SudachiTokenizers.NAMES.contains(tokenizerClass));
    }

    /** Says what the files do not. */
    static void configure(String kind, ObjectNode config) {
        WordKind found = KINDS.get(kind);
        if (found == null || config.hasNonNull("word_tokenizer_type")) {
            return;
        }
        config.put("word_tokenizer_type", found.analyser());
        if (!config.hasNonNull("subword_tokenizer_type")) {
            config.put("subword_tokenizer_type", found.subwords());
        }
        ObjectNode arguments = config.objectNode();
        if (found.dictionary() != null) {
            arguments.put("mecab_dic", found.dictionary());
        }
        if (found.fullWidth()) {
            arguments.put("full_width", true).put("normalize_text", false);
        }
        String key = found.analyser() + "_kwargs";
        if (!config.hasNonNull(key)) {
            config.set(key, arguments);
        }
    }
}
