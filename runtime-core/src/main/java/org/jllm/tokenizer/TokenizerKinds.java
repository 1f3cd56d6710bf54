package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The kinds of tokenizers that a catalogue names where a repository's own files do not say enough. */
final class TokenizerKinds {
    /** The class of a kind; it counts where the files name none. */
    private static final Map<String, String> CLASSES = Map.ofEntries(
            Map.entry("t5-spm", "T5Tokenizer"),
            Map.entry("t5-spm-lower", "T5Tokenizer"),
            Map.entry("spm-bilingual", "T5Tokenizer"),
            Map.entry("albert-spm", "AlbertTokenizer"),
            Map.entry("deberta-spm", "DebertaV2Tokenizer"),
            Map.entry("deberta-spm-char", "DebertaV2Tokenizer"),
            Map.entry("mluke-spm", "MLukeTokenizer"),
            Map.entry("plamo-spm", "PlamoTokenizer"),
            Map.entry("llama2-spm", "LlamaTokenizer"),
            Map.entry("llama2-extended", "LlamaTokenizer"),
            Map.entry("mistral-spm", "LlamaTokenizer"),
            Map.entry("nerdstash", "LlamaTokenizer"),
            Map.entry("qwen-tiktoken", "QWenTokenizer"),
            Map.entry("neox-japanese", "GPTNeoXJapaneseTokenizer"),
            Map.entry("neox-20b-bpe", "GPTNeoXTokenizer"),
            Map.entry("neox-bpe-own", "GPTNeoXTokenizer"),
            Map.entry("gpt2-bpe", "GPT2Tokenizer"),
            Map.entry("gpt2-char-bpe", "GPT2Tokenizer"),
            Map.entry("llm-jp-v2", "PreTrainedTokenizerFast"));

    /** Kinds that are what they are only by the slow class: a tokenizer.json beside it does not count. */
    private static final Set<String> SLOW =
            Set.of("t5-spm", "t5-spm-lower", "spm-bilingual", "albert-spm", "plamo-spm", "nerdstash", "qwen-tiktoken");

    static final String SUBWORD_NMT = "jumanpp-subword-nmt";

    /** Kinds without a class of Transformers. */
    private static final Set<String> BARE = Set.of("spm-plain", "spm-fairseq", "rwkv-world", SUBWORD_NMT);

    private TokenizerKinds() {}

    /** All that are followed. */
    static Set<String> all() {
        Set<String> kinds = new TreeSet<>(CLASSES.keySet());
        kinds.addAll(BARE);
        kinds.addAll(WordKinds.all());
        return kinds;
    }

    static @Nullable String tokenizerClass(String kind) {
        return CLASSES.get(kind);
    }

    static boolean isSlow(String kind) {
        return SLOW.contains(kind);
    }

    static boolean isBare(String kind) {
        return BARE.contains(kind);
    }

    /** What a kind says beyond the class. */
    static void configure(String kind, ObjectNode config) {
        WordKinds.configure(kind, config);
        if (kind.equals("t5-spm-lower")) {
            config.withObject("/set_after_loading").put("do_lower_case", true);
        }
        if (kind.equals("nerdstash")
                && !config.path("additional_special_tokens").isArray()) {
            ArrayNode additional = config.putArray("additional_special_tokens");
            additional.add("▁▁");
        }
    }
}
