package org.jllm.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to load a model. A component that is null means "not said here": the next layer of settings decides.
 *
 * @param engine {@code transformers}, {@code gguf} or {@code onnx}; default: what the catalogue entry or the files ask for
 * @param device {@code cpu}, {@code cuda:N}, {@code vulkan:N} or {@code metal}; default {@code cpu}
 * @param dtype {@code float32}, {@code bfloat16}, {@code float16} or {@code auto}, the type of the stored weights; default auto
 * @param quantize {@code none}, {@code fp16} or {@code int8}: how a Transformers model keeps its matrices on a CPU; default
 *     none, as {@code dtype} says
 * @param threads of the native library, 1 to 1024; default: the physical cores
 * @param context positions of a sequence, at least 1; default: what the model was made for
 * @param cacheBytes memory that the caches of all sequences may take together; default: a quarter of the machine's
 *     memory, and at least one whole context
 * @param packBytes what matrices that are packed for a processor may take on the disk, those of all models together, to be
 *     read at the next load; 0: none are kept; default: a quarter of the space that is free or theirs
 * @param chatTemplate name of a built-in prompt template ({@code plain}, {@code llama-2}, …; some take
 *     {@code NAME,ARGUMENT=VALUE}) or path of a Jinja template;
 *     default: the model's own
 * @param gpuLayers layers that a GGUF model puts on a device that is no CPU, at least 0; default: all
 * @param mlock whether the weights of a GGUF model are kept from being swapped out; default: not
 * @param ignoreMemory whether a model is loaded that does not fit into the free memory; default: it is refused
 * @param promptLookup most tokens that a step computes on the guess that a text repeats its prompt or itself, 0 to 63; the
 *     texts stay the same; default: {@link #AUTO_PROMPT_LOOKUP}
 * @param lora adapters, in PEFT form for a Transformers model and in GGUF form for a GGUF model, at most 4, each once;
 *     default: none
 * @param base the model that an adapter is for: an id, alias or folder; default: what the catalogue or the adapter says
 * @param words where the words come from that the model's tokenizer cuts text into
 */
public record LoadOptions(
        @Nullable String engine,
        @Nullable String device,
        @Nullable String dtype,
        @Nullable String quantize,
        @Nullable Integer threads,
        @Nullable Integer context,
        @Nullable Long cacheBytes,
        @Nullable Long packBytes,
        @Nullable String chatTemplate,
        @Nullable Integer gpuLayers,
        @Nullable Boolean mlock,
        @Nullable Boolean ignoreMemory,
        @Nullable Integer promptLookup,
        @Nullable List<LoraAdapter> lora,
        @Nullable String base,
        WordOptions words) {

    /** Guesses in a step where nothing else is said: as many rows more as cost a CPU little. */
    public static final int AUTO_PROMPT_LOOKUP = 7;

    private static final int MOST_PROMPT_LOOKUP = 63;

    private static final int MOST_THREADS = 1024;

    /** The graphs of llama.cpp have room for so many in all architectures. */
    private static final int MOST_ADAPTERS = 4;

    private static final LoadOptions NONE = builder().build();

    public LoadOptions {
        atLeastOne("threads", threads);
        // libtorch ends the process when the system refuses a thread.
        if (threads != null && threads > MOST_THREADS) {
            throw new InvalidRequestException("threads must be at most " + MOST_THREADS + ", not " + threads);
        }
        atLeastOne("context", context);
        atLeastOne("cache_bytes", cacheBytes);
        if (packBytes != null && packBytes < 0) {
            throw new InvalidRequestException("pack_bytes must be at least 0, not " + packBytes);
        }
        if (gpuLayers != null && gpuLayers < 0) {
            throw new InvalidRequestException("gpu_layers must be at least 0, not " + gpuLayers);
        }
        if (promptLookup != null && (promptLookup < 0 || promptLookup > MOST_PROMPT_LOOKUP)) {
            throw new InvalidRequestException(
                    "prompt_lookup must be 0 to " + MOST_PROMPT_LOOKUP + ", not " + promptLookup);
        }
        if (lora != null) {
            lora = List.copyOf(lora);
            if (lora.size() > MOST_ADAPTERS) {
                throw new InvalidRequestException(
                        "lora must name at most " + MOST_ADAPTERS + " adapters, not " + lora.size());
            }
            if (lora.stream().map(LoraAdapter::file).distinct().count() < lora.size()) {
                throw new InvalidRequestException("lora names an adapter twice: add their scales up instead");
            }
        }
    }

    private static void atLeastOne(String name, @Nullable Number value) {
        if (value != null && value.longValue() < 1) {
            throw new InvalidRequestException(name + " must be at least 1, not " + value);
        }
    }

    /** Options to be said one by one. */
    public static LoadOptionsBuilder builder() {
        return new LoadOptionsBuilder();
    }

    /** Options that say nothing. */
    public static LoadOptions none() {
        return NONE;
    }

    /** These options, but for the dtype. */
    public LoadOptions withoutDtype() {
        return new LoadOptionsBuilder(this).dtype(null).build();
    }

    /** These options with adapters before their own. */
    public LoadOptions withAdapters(List<LoraAdapter> first) {
        if (first.isEmpty()) {
            return this;
        }
        List<LoraAdapter> all = new ArrayList<>(first);
        if (lora != null) {
            all.addAll(lora);
        }
        return ofLora(all).orElse(this);
    }

    /** Options that say nothing but the adapters. */
    public static LoadOptions ofLora(@Nullable List<LoraAdapter> lora) {
        return builder().lora(lora).build();
    }

    /** These options with another base. */
    public LoadOptions withBase(@Nullable String other) {
        return new LoadOptionsBuilder(this).base(other).build();
    }

    /** These options, but for where words come from. */
    public LoadOptions withWords(WordOptions other) {
        return new LoadOptionsBuilder(this).words(other).build();
    }

    /** Options that say nothing but the number type to compute in. */
    public static LoadOptions ofDtype(String dtype) {
        return builder().dtype(dtype).build();
    }

    /** These options, with what they do not say taken from {@code lower}. */
    public LoadOptions orElse(LoadOptions lower) {
        return new LoadOptions(
                engine != null ? engine : lower.engine,
                device != null ? device : lower.device,
                dtype != null ? dtype : lower.dtype,
                quantize != null ? quantize : lower.quantize,
                threads != null ? threads : lower.threads,
                context != null ? context : lower.context,
                cacheBytes != null ? cacheBytes : lower.cacheBytes,
                packBytes != null ? packBytes : lower.packBytes,
                chatTemplate != null ? chatTemplate : lower.chatTemplate,
                gpuLayers != null ? gpuLayers : lower.gpuLayers,
                mlock != null ? mlock : lower.mlock,
                ignoreMemory != null ? ignoreMemory : lower.ignoreMemory,
                promptLookup != null ? promptLookup : lower.promptLookup,
                lora != null ? lora : lower.lora,
                base != null ? base : lower.base,
                words.orElse(lower.words));
    }
}
