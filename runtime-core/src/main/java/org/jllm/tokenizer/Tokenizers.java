package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the tokenizer of a model, as {@code AutoTokenizer} of Transformers does. The class is that of
 * {@code tokenizer_config.json} ({@code tokenizer_class}), else that of {@code config.json}, else the one that goes with
 * {@code model_type} there. Then:
 * <ol>
 *   <li>{@code tokenizer.json}, where it exists and the class has a fast form or is not known;</li>
 *   <li>the class itself over its own files: {@code LlamaTokenizer} over {@code tokenizer.model},
 *       {@code GPT2Tokenizer} over {@code vocab.json} and {@code merges.txt}.</li>
 * </ol>
 */
public final class Tokenizers {
    private static final String SUPPORTED =
            "supported are tokenizer.json of a class with a fast form, LlamaTokenizer over tokenizer.model, and"
                    + " GPT2Tokenizer over vocab.json and merges.txt";

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

    /** Byte-level BPE with GPT-2's rule for words over {@code vocab.json} and {@code merges.txt}. */
    private static final Set<String> BYTE_LEVEL = Set.of("GPT2Tokenizer");

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
            Map.entry("mbart", "MBartTokenizer"));

    /** Names of files by the role that a configuration gives them. */
    private static final Map<String, String> FILES = Map.of(
            "tokenizer_file", "tokenizer.json",
            "merges_file", "merges.txt",
            "special_tokens_map_file", "special_tokens_map.json",
            "added_tokens_file", "added_tokens.json");

    private Tokenizers() {}

    /** The kinds that a catalogue may give a model ({@code tokenizer: NAME}) and that loading follows; none yet. */
    public static Set<String> kinds() {
        return Set.of();
    }

    /**
     * The tokenizer of a model.
     *
     * @param modelFolder a folder in the layout of Hugging Face
     * @throws UnsupportedModelException if the folder has no tokenizer, or one of a class that is not supported
     * @throws InvalidModelException if a file is damaged
     */
    public static Tokenizer load(Path modelFolder) {
        ObjectNode config = StrictJson.objectOrEmpty(modelFolder.resolve("tokenizer_config.json"));
        Map<String, Path> files = new HashMap<>();
        FILES.forEach((role, name) -> {
            Path file = modelFolder.resolve(name);
            if (Files.isRegularFile(file)) {
                files.put(role, file);
            }
        });
        for (String name : List.of("tokenizer.model", "spiece.model", "vocab.txt", "vocab.json")) {
            Path file = modelFolder.resolve(name);
            if (!files.containsKey("vocab_file") && Files.isRegularFile(file)) {
                files.put("vocab_file", file);
            }
        }
        if (!files.containsKey("tokenizer_file") && !files.containsKey("vocab_file")) {
            throw new UnsupportedModelException(modelFolder
                    + " has no tokenizer: neither tokenizer.json nor tokenizer.model is there; " + SUPPORTED);
        }
        String tokenizerClass = tokenizerClass(config, StrictJson.objectOrEmpty(modelFolder.resolve("config.json")));
        if (tokenizerClass != null) {
            config.put("tokenizer_class", tokenizerClass);
        } else if (!files.containsKey("tokenizer_file")) {
            throw new UnsupportedModelException(modelFolder + " names no tokenizer class: tokenizer_class in "
                    + "tokenizer_config.json and model_type in config.json are missing; " + SUPPORTED);
        }
        return create(config, files);
    }

    /**
     * The tokenizer that a configuration asks for.
     *
     * @param config tokenizer_config.json, or constructor arguments with {@code tokenizer_class}; without a class, or
     *     with null, {@code tokenizer.json} or the bare sentencepiece model
     * @param files by role: {@code tokenizer_file}, {@code vocab_file}, {@code special_tokens_map_file},
     *     {@code added_tokens_file}
     * @throws UnsupportedModelException if the class or what it needs is not supported
     * @throws InvalidModelException if a file is damaged
     */
    public static Tokenizer create(ObjectNode config, Map<String, Path> files) {
        String tokenizerClass = TokenizerJson.string(config, "tokenizer_class");
        if (config.path("set_after_loading").size() > 0) {
            throw new UnsupportedModelException(
                    "attributes set after loading (set_after_loading) are not supported yet; " + SUPPORTED);
        }
        String slow = tokenizerClass == null ? null : slowName(tokenizerClass);
        Path json = files.get("tokenizer_file");
        if (json != null && (slow == null || FAST.contains(slow))) {
            return RustTokenizer.load(json, config, files, slow == null ? "PreTrainedTokenizer" : slow);
        }
        Path vocabulary = files.get("vocab_file");
        Path merges = files.get("merges_file");
        if (vocabulary != null && merges != null && slow != null && BYTE_LEVEL.contains(slow)) {
            return RustTokenizer.byteLevel(vocabulary, merges, config, files, slow);
        }
        boolean bare = slow == null && !files.containsKey("dict_file");
        if (vocabulary != null && isSentencePiece(vocabulary) && (bare || "LlamaTokenizer".equals(slow))) {
            SentencePieceModel model = SentencePieceModel.load(vocabulary);
            return bare ? new SentencePieceTokenizer(model) : new LlamaTokenizer(model, config, files);
        }
        String what = tokenizerClass == null ? "the bare algorithm" : tokenizerClass;
        throw new UnsupportedModelException(
                "the tokenizer class " + what + " over " + names(files) + " is not supported; " + SUPPORTED);
    }

    private static @Nullable String tokenizerClass(ObjectNode tokenizerConfig, ObjectNode modelConfig) {
        String given = TokenizerJson.string(tokenizerConfig, "tokenizer_class");
        if (given == null) {
            given = TokenizerJson.string(modelConfig, "tokenizer_class");
        }
        String type = TokenizerJson.string(modelConfig, "model_type");
        return given != null || type == null ? given : BY_MODEL_TYPE.get(type);
    }

    private static String slowName(String tokenizerClass) {
        return tokenizerClass.endsWith("Fast")
                ? tokenizerClass.substring(0, tokenizerClass.length() - "Fast".length())
                : tokenizerClass;
    }

    private static boolean isSentencePiece(Path file) {
        String name = String.valueOf(file.getFileName());
        return !name.endsWith(".txt") && !name.endsWith(".json") && !name.endsWith(".gguf");
    }

    private static String names(Map<String, Path> files) {
        return files.isEmpty()
                ? "no files"
                : String.join(
                        ", ",
                        files.values().stream()
                                .map(file -> String.valueOf(file.getFileName()))
                                .sorted()
                                .toList());
    }
}
