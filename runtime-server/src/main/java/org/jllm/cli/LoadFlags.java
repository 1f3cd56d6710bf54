package org.jllm.cli;

import java.util.List;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoraAdapter;
import org.jllm.api.WordOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say how a model is loaded. */
final class LoadFlags extends Flags {
    @Option(names = "--engine", paramLabel = "NAME", description = "transformers, gguf or onnx.")
    @Nullable
    String engine;

    @Option(names = "--device", paramLabel = "NAME", description = "cpu, cuda:N, vulkan:N or metal.")
    @Nullable
    String device;

    @Option(names = "--dtype", paramLabel = "TYPE", description = "auto, float32, bfloat16 or float16.")
    @Nullable
    String dtype;

    @Option(
            names = "--quantize",
            paramLabel = "FORM",
            description = "none, fp16 or int8: how a Transformers model keeps its matrices.")
    @Nullable
    String quantize;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads to compute with; by default the physical cores.")
    @Nullable
    String threads;

    @Option(names = "--context", paramLabel = "N", description = "Tokens that prompt and answer may fill together.")
    @Nullable
    String context;

    @Option(names = "--cache-bytes", paramLabel = "SIZE", description = "Memory for keys and values, such as 2GiB.")
    @Nullable
    String cacheBytes;

    @Option(
            names = "--pack-bytes",
            paramLabel = "SIZE",
            description =
                    "What packed int8 and fp16 matrices of all models may take on the disk, such as 20GiB; 0: none are kept.")
    @Nullable
    String packBytes;

    @Option(
            names = "--chat-template",
            paramLabel = "NAME|FILE",
            description = "A template of docs/templates.md such as plain or llama-2, or a file with a Jinja template.")
    @Nullable
    String chatTemplate;

    @Option(
            names = "--gpu-layers",
            paramLabel = "N",
            description = "Layers of a GGUF model that a GPU computes; by default all.")
    @Nullable
    String gpuLayers;

    @Option(
            names = "--mlock",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description = "Keep the weights of a GGUF model from being swapped out.")
    @Nullable
    Boolean mlock;

    @Option(
            names = "--ignore-memory",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description = "Load also what does not fit into the free memory.")
    @Nullable
    Boolean ignoreMemory;

    @Option(
            names = "--prompt-lookup",
            paramLabel = "auto|off|N",
            description = "Tokens that a step computes on the guess that the text repeats itself; by default auto.")
    @Nullable
    String promptLookup;

    @Option(
            names = "--lora",
            paramLabel = "PATH[=SCALE]",
            description =
                    "An adapter: a folder in PEFT form, for a GGUF model a file in GGUF form; may be given several"
                            + " times.")
    @Nullable
    List<String> lora;

    @Option(
            names = "--base",
            paramLabel = "MODEL",
            description =
                    "The model that MODEL is an adapter for, where neither the catalogue nor the adapter says it.")
    @Nullable
    String base;

    @Option(
            names = "--mecab-dictionary",
            paramLabel = "FOLDER",
            description = "A compiled dictionary of MeCab, for tokenizers that take MeCab's words.")
    @Nullable
    String mecabDictionary;

    @Option(
            names = "--mecab-user-dictionary",
            paramLabel = "FILE",
            description = "A compiled user dictionary for it; may be given several times.")
    @Nullable
    List<String> mecabUserDictionary;

    @Option(
            names = "--sudachi-dictionary",
            paramLabel = "FILE",
            description = "A system dictionary, for tokenizers that take Sudachi's words.")
    @Nullable
    String sudachiDictionary;

    @Option(names = "--sudachi-mode", paramLabel = "A|B|C", description = "Short, middle or long words of Sudachi.")
    @Nullable
    String sudachiMode;

    @Option(
            names = "--pre-segmented",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description = "The text is cut into words, with spaces between them.")
    @Nullable
    Boolean preSegmented;

    /** How to load; what the flags do not say is left open. */
    LoadOptions options() {
        try {
            List<LoraAdapter> adapters =
                    lora == null ? null : lora.stream().map(LoraAdapter::parse).toList();
            WordOptions user = new WordOptions(null, mecabUserDictionary, null, null, null);
            return LoadOptions.ofLora(adapters)
                    .withWords(user)
                    .orElse(settings().load());
        } catch (InvalidRequestException e) {
            throw usageError("--lora: " + e.getMessage());
        }
    }

    @Override
    void collect() {
        put("engine", engine);
        put("device", device);
        put("dtype", dtype);
        put("quantize", quantize);
        put("threads", threads);
        put("context", context);
        put("cache_bytes", cacheBytes);
        put("pack_bytes", packBytes);
        put("chat_template", chatTemplate);
        put("gpu_layers", gpuLayers);
        put("mlock", text(mlock));
        put("ignore_memory", text(ignoreMemory));
        put("prompt_lookup", promptLookup);
        put("base", base);
        put("mecab_dictionary", mecabDictionary);
        put("sudachi_dictionary", sudachiDictionary);
        put("sudachi_mode", sudachiMode);
        put("pre_segmented", text(preSegmented));
    }

    private static @Nullable String text(@Nullable Boolean flag) {
        return flag == null ? null : flag.toString();
    }
}
