package org.jllm.gguf;

import com.sun.jna.CallbackReference;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleConsumer;
import org.jllm.api.CapacityException;
import org.jllm.api.InvalidModelException;
import org.jllm.api.JllmException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.gguf.binding.Llama;
import org.jllm.gguf.binding.LlamaContextParams;
import org.jllm.gguf.binding.LlamaModelParams;
import org.jspecify.annotations.Nullable;

/** A model of llama.cpp, which this object owns. Its readers are safe for use by several threads, closing is not. */
final class LlamaModel implements AutoCloseable {
    private final Path file;
    private @Nullable Pointer handle;

    /** How much of a file is loaded. */
    enum Part {
        ALL,
        /** The metadata and the vocabulary. */
        VOCABULARY
    }

    /**
     * Where the weights go.
     *
     * @param device empty: the CPU alone
     * @param gpuLayers layers on the device; negative: all
     * @param mlock keep them from being swapped out
     */
    record Placement(Optional<LlamaCpp.Device> device, int gpuLayers, boolean mlock) {
        static final Placement CPU = new Placement(Optional.empty(), 0, false);
    }

    private LlamaModel(Path file, Pointer handle) {
        this.file = file;
        this.handle = handle;
    }

    /**
     * Loads a model.
     *
     * @throws UnsupportedModelException if llama.cpp does not know its architecture
     * @throws CapacityException if there is not enough memory
     * @throws InvalidModelException if the file is damaged
     */
    static LlamaModel load(LlamaCpp library, Path file, Part part, Placement placement) {
        return load(library, file, part, placement, fraction -> {});
    }

    /** As the other; the listener hears of it from 0 to 1, and ends it by an exception, which comes out here. */
    static LlamaModel load(LlamaCpp library, Path file, Part part, Placement placement, DoubleConsumer listener) {
        Memory devices = new Memory(2L * Native.POINTER_SIZE);
        devices.setPointer(0, placement.device().map(LlamaCpp.Device::handle).orElse(null));
        devices.setPointer(Native.POINTER_SIZE, null);
        LlamaModelParams params = Llama.llama_model_default_params();
        params.devices = devices;
        params.n_gpu_layers = placement.device().isPresent() ? placement.gpuLayers() : 0;
        params.load_mode = placement.mlock() ? Llama.LOAD_MODE_MMAP_MLOCK : Llama.LOAD_MODE_MMAP;
        params.vocab_only = (byte) (part == Part.VOCABULARY ? 1 : 0);
        Progress progress = new Progress(listener);
        params.progress_callback = CallbackReference.getFunctionPointer(progress);
        library.log().forgetError();
        Pointer handle;
        try {
            handle = Llama.llama_model_load_from_file(LlamaCpp.text(file.toString()), params);
        } finally {
            Reference.reachabilityFence(devices);
            Reference.reachabilityFence(progress);
        }
        if (handle == null) {
            progress.rethrow();
        }
        if (handle == null) {
            throw failure(file, library.log().firstError().orElse("no reason was given"));
        }
        return new LlamaModel(file, handle);
    }

    private static JllmException failure(Path file, String reason) {
        if (reason.contains("unknown model architecture")) {
            return new UnsupportedModelException(
                    file + ": llama.cpp " + LlamaCpp.RELEASE + " does not run this model: " + reason);
        }
        if (reason.contains("alloc")) {
            return new CapacityException(file + " does not fit into memory: " + reason
                    + "; choose a smaller quantisation or fewer --gpu-layers");
        }
        return new InvalidModelException(
                file + " cannot be loaded: " + reason + "; if the file is not complete, get it again");
    }

    Path file() {
        return file;
    }

    /** The native model. */
    Pointer handle() {
        Pointer open = handle;
        if (open == null) {
            throw new IllegalStateException("the model is closed");
        }
        return open;
    }

    /**
     * Makes a context of this model, which the caller frees before the model.
     *
     * @param positions that it has room for, for errors
     * @throws CapacityException if there is no memory for it
     */
    Pointer newContext(LlamaCpp library, LlamaContextParams params, long positions) {
        library.log().forgetError();
        Pointer made = Llama.llama_init_from_model(handle(), params);
        if (made == null) {
            throw new CapacityException(file + ": no context of " + positions + " positions: "
                    + library.log().firstError().orElse("no reason was given") + "; try a smaller --context");
        }
        return made;
    }

    /** The native vocabulary, which lives as long as the model. */
    Pointer vocabulary() {
        return Llama.llama_model_get_vocab(handle());
    }

    /** Number of tokens of the vocabulary, which is the number of logits of a row. */
    int vocabularySize() {
        return Llama.llama_vocab_n_tokens(vocabulary());
    }

    /** A scalar of the metadata as text. */
    Optional<String> metadata(String key) {
        byte[] name = LlamaCpp.text(key);
        int length = Llama.llama_model_meta_val_str(handle(), name, new byte[1], 1);
        if (length < 0) {
            return Optional.empty();
        }
        byte[] text = new byte[length + 1];
        Llama.llama_model_meta_val_str(handle(), name, text, text.length);
        return Optional.of(new String(text, 0, length, StandardCharsets.UTF_8));
    }

    /** A whole number of the metadata, at least 0. */
    OptionalLong number(String key) {
        String text = metadata(key).orElse("");
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** The chat template of the file. */
    Optional<String> chatTemplate() {
        return Optional.ofNullable(Llama.llama_model_chat_template(handle(), null))
                .map(text -> text.getString(0, "UTF-8"));
    }

    /** The name of the architecture. */
    String architecture() {
        return metadata("general.architecture").orElse("unknown");
    }

    /** Whether it keeps a state that goes on with each token, beside keys and values or instead of them. */
    boolean isRecurrent() {
        return Llama.llama_model_is_recurrent(handle()) != 0 || Llama.llama_model_is_hybrid(handle()) != 0;
    }

    /** Whether it does what a decoder does: a text goes on by one token at a time. */
    boolean isDecoder() {
        return Llama.llama_model_has_decoder(handle()) != 0
                && Llama.llama_model_has_encoder(handle()) == 0
                && Llama.llama_model_is_diffusion(handle()) == 0;
    }

    /** Whether it reads a text as a whole, and nothing else. */
    boolean isEncoder() {
        return Llama.llama_model_has_encoder(handle()) != 0 && Llama.llama_model_has_decoder(handle()) == 0;
    }

    /** Bytes of keys and values of a position in half precision, about; 0 where there are none. */
    long cacheBytesPerPosition() {
        if (Llama.llama_model_is_recurrent(handle()) != 0) {
            return 0;
        }
        long heads = Math.max(1, Llama.llama_model_n_head(handle()));
        long perHead = Llama.llama_model_n_embd(handle()) / heads;
        String attention = architecture() + ".attention.";
        long size = number(attention + "key_length").orElse(perHead)
                + number(attention + "value_length").orElse(perHead);
        long keyHeads = Math.max(1, Llama.llama_model_n_head_kv(handle()));
        return 2 * size * keyHeads * Llama.llama_model_n_layer(handle());
    }

    @Override
    public void close() {
        Pointer open = handle;
        handle = null;
        if (open != null) {
            Llama.llama_model_free(open);
        }
    }
}
