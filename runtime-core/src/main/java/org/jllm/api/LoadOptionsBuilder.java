package org.jllm.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects {@link LoadOptions}; what is not called is not said. Meaning and ranges are those of the record's components,
 * which {@link #build} checks. For use by one thread.
 */
public final class LoadOptionsBuilder {
    private @Nullable String engine;
    private @Nullable String device;
    private @Nullable String dtype;
    private @Nullable String quantize;
    private @Nullable Integer threads;
    private @Nullable Integer context;
    private @Nullable Long cacheBytes;
    private @Nullable Long packBytes;
    private @Nullable String chatTemplate;
    private @Nullable Integer gpuLayers;
    private @Nullable Boolean mlock;
    private @Nullable Boolean ignoreMemory;
    private @Nullable Integer promptLookup;
    private @Nullable List<LoraAdapter> lora;
    private @Nullable String base;
    private WordOptions words = WordOptions.none();

    LoadOptionsBuilder() {}

    /** Begins with what is said already. */
    LoadOptionsBuilder(LoadOptions said) {
        engine = said.engine();
        device = said.device();
        dtype = said.dtype();
        quantize = said.quantize();
        threads = said.threads();
        context = said.context();
        cacheBytes = said.cacheBytes();
        packBytes = said.packBytes();
        chatTemplate = said.chatTemplate();
        gpuLayers = said.gpuLayers();
        mlock = said.mlock();
        ignoreMemory = said.ignoreMemory();
        promptLookup = said.promptLookup();
        lora = said.lora();
        base = said.base();
        words = said.words();
    }

    /** {@code transformers}, {@code gguf} or {@code onnx}. */
    public LoadOptionsBuilder engine(String value) {
        engine = value;
        return this;
    }

    /** {@code cpu}, {@code cuda:N}, {@code vulkan:N} or {@code metal}. */
    public LoadOptionsBuilder device(String value) {
        device = value;
        return this;
    }

    /** {@code float32}, {@code bfloat16}, {@code float16} or {@code auto}. */
    public LoadOptionsBuilder dtype(@Nullable String value) {
        dtype = value;
        return this;
    }

    /** {@code none}, {@code fp16} or {@code int8}. */
    public LoadOptionsBuilder quantize(String value) {
        quantize = value;
        return this;
    }

    /** Threads of the native library. */
    public LoadOptionsBuilder threads(int value) {
        threads = value;
        return this;
    }

    /** Positions of a sequence. */
    public LoadOptionsBuilder context(int value) {
        context = value;
        return this;
    }

    /** Bytes that the caches of all sequences may take together. */
    public LoadOptionsBuilder cacheBytes(long value) {
        cacheBytes = value;
        return this;
    }

    /** What packed matrices may take on the disk, 0 for none. */
    public LoadOptionsBuilder packBytes(long value) {
        packBytes = value;
        return this;
    }

    /** Name of a built-in prompt template or path of a Jinja template. */
    public LoadOptionsBuilder chatTemplate(String value) {
        chatTemplate = value;
        return this;
    }

    /** Layers of a GGUF model on a device that is no CPU. */
    public LoadOptionsBuilder gpuLayers(int value) {
        gpuLayers = value;
        return this;
    }

    /** Whether the weights of a GGUF model are kept from being swapped out. */
    public LoadOptionsBuilder mlock(boolean value) {
        mlock = value;
        return this;
    }

    /** Whether a model is loaded that does not fit into the free memory. */
    public LoadOptionsBuilder ignoreMemory(boolean value) {
        ignoreMemory = value;
        return this;
    }

    /** Most tokens that a step computes on a guess; 0 for none. */
    public LoadOptionsBuilder promptLookup(int value) {
        promptLookup = value;
        return this;
    }

    /** Adapters, in the form that the engine reads. */
    public LoadOptionsBuilder lora(LoraAdapter... adapters) {
        return lora(List.of(adapters));
    }

    LoadOptionsBuilder lora(@Nullable List<LoraAdapter> adapters) {
        lora = adapters;
        return this;
    }

    /** The model that an adapter is for. */
    public LoadOptionsBuilder base(@Nullable String value) {
        base = value;
        return this;
    }

    /** Where the words come from that the model's tokenizer cuts text into. */
    public LoadOptionsBuilder words(WordOptions value) {
        words = value;
        return this;
    }

    /**
     * The options.
     *
     * @throws InvalidRequestException if a value is out of range
     */
    public LoadOptions build() {
        return new LoadOptions(
                engine,
                device,
                dtype,
                quantize,
                threads,
                context,
                cacheBytes,
                packBytes,
                chatTemplate,
                gpuLayers,
                mlock,
                ignoreMemory,
                promptLookup,
                lora,
                base,
                words);
    }
}
