package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The classes of Transformers: which a model has, and which have a fast form. */
final class TokenizerClasses {
    /** What Transformers has a fast form of, without the suffix {@code Fast}. */
    private static final Set<String> FAST = Set.of(
            "AlbertTokenizer",
            "BartTokenizer",
            "BarthezTokenizer",
            "BertTokenizer",
            "BigBirdTokenizer",
            "BlenderbotTokenizer",
            "BloomTokenizer",
            "CLIPTokenizer",
            "CamembertTokenizer",
            "CodeGenTokenizer",
            "CodeLlamaTokenizer",
            "CohereTokenizer",
            "DPRReaderTokenizer",
            "DebertaTokenizer",
            "DebertaV2Tokenizer",
            "DistilBertTokenizer",
            "ElectraTokenizer",
            "FNetTokenizer",
            "FunnelTokenizer",
            "GPT2Tokenizer",
            "GPTNeoXTokenizer",
            "GemmaTokenizer",
            "LEDTokenizer",
            "LayoutLMTokenizer",
            "LlamaTokenizer",
            "LongformerTokenizer",
            "LxmertTokenizer",
            "MBart50Tokenizer",
            "MBartTokenizer",
            "MPNetTokenizer",
            "MobileBertTokenizer",
            "MvpTokenizer",
            "NllbTokenizer",
            "OpenAIGPTTokenizer",
            "PegasusTokenizer",
            "PreTrainedTokenizer",
            "Qwen2Tokenizer",
            "ReformerTokenizer",
            "RemBertTokenizer",
            "RoFormerTokenizer",
            "RobertaTokenizer",
            "SqueezeBertTokenizer",
            "T5Tokenizer",
            "UdopTokenizer",
            "WhisperTokenizer",
            "XGLMTokenizer",
            "XLMRobertaTokenizer",
            "XLNetTokenizer");

    private static final Map<String, String> BY_MODEL_TYPE = Map.ofEntries(
            Map.entry("llama", "LlamaTokenizer"),
            Map.entry("mistral", "LlamaTokenizer"),
            Map.entry("mixtral", "LlamaTokenizer"),
            Map.entry("stablelm", "GPTNeoXTokenizer"),
            Map.entry("qwen2", "Qwen2Tokenizer"),
            Map.entry("gpt_neox", "GPTNeoXTokenizer"),
            Map.entry("gpt_neox_japanese", "GPTNeoXJapaneseTokenizer"),
            Map.entry("gpt2", "GPT2Tokenizer"),
            Map.entry("gptj", "GPT2Tokenizer"),
            Map.entry("gpt_neo", "GPT2Tokenizer"),
            Map.entry("mamba", "GPTNeoXTokenizer"),
            Map.entry("mpt", "GPTNeoXTokenizer"),
            Map.entry("bloom", "BloomTokenizer"),
            Map.entry("bert", "BertTokenizer"),
            Map.entry("distilbert", "DistilBertTokenizer"),
            Map.entry("electra", "ElectraTokenizer"),
            Map.entry("roberta", "RobertaTokenizer"),
            Map.entry("xlm-roberta", "XLMRobertaTokenizer"),
            Map.entry("t5", "T5Tokenizer"),
            Map.entry("albert", "AlbertTokenizer"),
            Map.entry("deberta-v2", "DebertaV2Tokenizer"),
            Map.entry("xlnet", "XLNetTokenizer"),
            Map.entry("rwkv", "GPTNeoXTokenizer"),
            Map.entry("reformer", "ReformerTokenizer"),
            Map.entry("bert-generation", "BertGenerationTokenizer"),
            Map.entry("camembert", "CamembertTokenizer"),
            Map.entry("clip", "CLIPTokenizer"),
            Map.entry("qwen", "QWenTokenizer"),
            Map.entry("plamo", "PlamoTokenizer"),
            Map.entry("rembert", "RemBertTokenizer"),
            Map.entry("mbart", "MBartTokenizer"));

    private TokenizerClasses() {}

    /** Whether a class, without the suffix {@code Fast}, has a fast form. */
    static boolean isFast(String name) {
        return FAST.contains(name);
    }

    /** A name without the suffix {@code Fast}. */
    static String slowName(String name) {
        return name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name;
    }

    /**
     * A class and where its name comes from.
     *
     * @param name null where no file gives one
     * @param isGiven whether a file gives it by name, not by the model's type
     */
    record Named(@Nullable String name, String source, boolean isGiven) {}

    /** The class that the files name. */
    static Named of(ObjectNode tokenizerConfig, ObjectNode modelConfig) {
        String given = TokenizerJson.string(tokenizerConfig, "tokenizer_class");
        if (given != null) {
            return new Named(given, "tokenizer_class in tokenizer_config.json", true);
        }
        given = TokenizerJson.string(modelConfig, "tokenizer_class");
        if (given != null) {
            return new Named(given, "tokenizer_class in config.json", true);
        }
        String type = TokenizerJson.string(modelConfig, "model_type");
        String usual = type == null ? null : BY_MODEL_TYPE.get(type);
        return usual == null
                ? new Named(null, "no file names a class", false)
                : new Named(usual, "model_type " + type + " in config.json", false);
    }
}
