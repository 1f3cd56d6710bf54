package org.jllm.gguf.binding;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Functions of {@code llama.h}. A C {@code bool} is a {@code byte} (0 is false), {@code size_t} a {@code long}, and a text
 * that goes in is UTF-8 with a NUL at its end unless its length is given.
 */
@SuppressWarnings("MemberName") // the names of llama.h
public final class Llama {
    /** {@code llama_decode}: no room in the cache; nothing has changed. */
    public static final int DECODE_NO_SLOT = 1;

    public static final int TOKEN_NULL = -1;

    public static final int TOKEN_ATTR_UNKNOWN = 1;
    public static final int TOKEN_ATTR_CONTROL = 1 << 3;
    public static final int TOKEN_ATTR_USER_DEFINED = 1 << 4;
    public static final int TOKEN_ATTR_LSTRIP = 1 << 7;
    public static final int TOKEN_ATTR_RSTRIP = 1 << 8;

    public static final int VOCAB_TYPE_NONE = 0;
    public static final int VOCAB_TYPE_SPM = 1;

    public static final int LOAD_MODE_MMAP = 1;
    public static final int LOAD_MODE_MMAP_MLOCK = 3;

    public static final int FLASH_ATTN_TYPE_DISABLED = 0;
    public static final int GGML_TYPE_F32 = 0;

    public static final int FTYPE_ALL_F32 = 0;

    private Llama() {}

    /** Binds the functions to a loaded library. */
    public static void register(NativeLibrary library) {
        Native.register(Llama.class, library);
    }

    /** Initializes llama.cpp and ggml; once, before everything else. */
    public static native void llama_backend_init();

    /** Sets where all log lines of llama.cpp and ggml go; the callback has to stay reachable. */
    public static native void llama_log_set(@Nullable LogCallback callback, @Nullable Pointer userData);

    /** The settings of a model as the library has them. */
    public static native LlamaModelParams llama_model_default_params();

    /** The settings of a context as the library has them. */
    public static native LlamaContextParams llama_context_default_params();

    /** The settings of a quantisation as the library has them. */
    public static native LlamaQuantizeParams llama_model_quantize_default_params();

    /** Loads a model; of a split file the first part. Null: it failed, the log says why. */
    public static native @Nullable Pointer llama_model_load_from_file(byte[] path, LlamaModelParams params);

    /** Frees a model. Its contexts have to be freed before. */
    public static native void llama_model_free(Pointer model);

    /** Loads an adapter, which is freed with the model; null: it failed, the log says why. */
    public static native @Nullable Pointer llama_adapter_lora_init(Pointer model, byte[] path);

    /** Lets a context compute with these adapters and no others; a scale of 0 leaves one out. */
    public static native int llama_set_adapters_lora(Pointer context, Pointer adapters, long count, float[] scales);

    /** Makes a context; null: it failed, the log says why. */
    public static native @Nullable Pointer llama_init_from_model(Pointer model, LlamaContextParams params);

    /** Frees a context and its cache. */
    public static native void llama_free(Pointer context);

    /** Positions of all sequences together in a unified cache; may be more than was asked for. */
    public static native int llama_n_ctx(Pointer context);

    /** Most rows of one {@code llama_decode}. */
    public static native int llama_n_batch(Pointer context);

    /** The cache of a context; null if the model needs none. */
    public static native @Nullable Pointer llama_get_memory(Pointer context);

    /** The vocabulary, which belongs to the model. */
    public static native Pointer llama_model_get_vocab(Pointer model);

    /** Positions that the model was trained for. */
    public static native int llama_model_n_ctx_train(Pointer model);

    /** Width of an embedding. */
    public static native int llama_model_n_embd(Pointer model);

    /** Width of an embedding row that goes in. */
    public static native int llama_model_n_embd_inp(Pointer model);

    /** Width of an embedding that comes out. */
    public static native int llama_model_n_embd_out(Pointer model);

    /** Number of layers. */
    public static native int llama_model_n_layer(Pointer model);

    /** Query heads of a layer. */
    public static native int llama_model_n_head(Pointer model);

    /** Key heads of a layer. */
    public static native int llama_model_n_head_kv(Pointer model);

    /** Whether it has an encoder, to be fed by {@code llama_encode}. */
    public static native byte llama_model_has_encoder(Pointer model);

    /** Whether it has a decoder, to be fed by {@code llama_decode}. */
    public static native byte llama_model_has_decoder(Pointer model);

    /** Whether it keeps states instead of keys and values, as Mamba and RWKV do. */
    public static native byte llama_model_is_recurrent(Pointer model);

    /** Whether it keeps states beside keys and values, as Jamba does. */
    public static native byte llama_model_is_hybrid(Pointer model);

    /** Whether it is a diffusion model, which does not go from token to token. */
    public static native byte llama_model_is_diffusion(Pointer model);

    /** Writes a scalar of the metadata as text; gives its length in bytes, or -1 if there is none. */
    public static native int llama_model_meta_val_str(Pointer model, byte[] key, byte[] into, long size);

    /** The chat template of a name, or the default one; null if there is none. */
    public static native @Nullable Pointer llama_model_chat_template(Pointer model, @Nullable Pointer name);

    /** Writes a model in another type; 0: done. */
    public static native int llama_model_quantize(byte[] from, byte[] to, Pointer params);

    /** Removes the positions {@code from} (inclusive) to {@code to} (exclusive, or -1: the end) of a sequence. */
    public static native byte llama_memory_seq_rm(Pointer memory, int sequence, int from, int to);

    /** Empties all sequences; {@code data}: overwrites what they held. */
    public static native void llama_memory_clear(Pointer memory, byte data);

    /** Copies a range of positions to another sequence; a recurrent state is copied whole. */
    public static native void llama_memory_seq_cp(Pointer memory, int source, int target, int from, int to);

    /** The largest position of a sequence; -1 if it is empty. */
    public static native int llama_memory_seq_pos_max(Pointer memory, int sequence);

    /** Bytes that a sequence's part of the cache takes when copied out. */
    public static native long llama_state_seq_get_size(Pointer context, int sequence);

    /** Copies a sequence's part of the cache out; the bytes written, 0: failed. */
    public static native long llama_state_seq_get_data(Pointer context, Pointer into, long size, int sequence);

    /** Makes a sequence what was copied out of another, or of itself before; 0: no room, the sequence is empty then. */
    public static native long llama_state_seq_set_data(Pointer context, Pointer from, long size, int sequence);

    /** Computes a batch: 0 done, 1 no room in the cache, else an error. */
    public static native int llama_decode(Pointer context, LlamaBatch batch);

    /** Computes a batch without a cache, each row seeing all others of its sequence: 0 done, else an error. */
    public static native int llama_encode(Pointer context, LlamaBatch batch);

    /** The embedding of a row of the last batch, where the context does not pool; null if it did not want any. */
    public static native @Nullable Pointer llama_get_embeddings_ith(Pointer context, int row);

    /** The embedding of a sequence of the last batch, where the context pools; null if it was not in it. */
    public static native @Nullable Pointer llama_get_embeddings_seq(Pointer context, int sequence);

    /** The logits of a row of the last batch; null if it did not want any. */
    public static native @Nullable Pointer llama_get_logits_ith(Pointer context, int row);

    /** Lets a context compute with threads of the caller, for single rows and for batches; they have to outlive it. */
    public static native void llama_attach_threadpool(
            Pointer context, Pointer threadpool, @Nullable Pointer threadpoolBatch);

    /** One of {@code VOCAB_TYPE_*}. */
    public static native int llama_vocab_type(Pointer vocabulary);

    /** Number of tokens. */
    public static native int llama_vocab_n_tokens(Pointer vocabulary);

    /** The text of a token as the file has it; belongs to the vocabulary. */
    public static native @Nullable Pointer llama_vocab_get_text(Pointer vocabulary, int token);

    /** Bits {@code TOKEN_ATTR_*} of a token. */
    public static native int llama_vocab_get_attr(Pointer vocabulary, int token);

    /** Whether a token ends a text or a turn. */
    public static native byte llama_vocab_is_eog(Pointer vocabulary, int token);

    /** The token that begins a text, or {@link #TOKEN_NULL}. */
    public static native int llama_vocab_bos(Pointer vocabulary);

    /** The token that ends a text, or {@link #TOKEN_NULL}. */
    public static native int llama_vocab_eos(Pointer vocabulary);

    /** The token that ends a turn, or {@link #TOKEN_NULL}. */
    public static native int llama_vocab_eot(Pointer vocabulary);

    /** The token between two texts, or {@link #TOKEN_NULL}. */
    public static native int llama_vocab_sep(Pointer vocabulary);

    /** The token that fills up, or {@link #TOKEN_NULL}. */
    public static native int llama_vocab_pad(Pointer vocabulary);

    /** The token for a gap, or {@link #TOKEN_NULL}. */
    public static native int llama_vocab_mask(Pointer vocabulary);

    /** The ids of a text; a negative number -n: there are n, which do not fit. */
    public static native int llama_tokenize(
            Pointer vocabulary, byte[] text, int length, int[] tokens, int most, byte addSpecial, byte parseSpecial);

    /** The bytes of a token; a negative number -n: there are n, which do not fit. */
    public static native int llama_token_to_piece(
            Pointer vocabulary, int token, byte[] into, int length, int leadingSpacesToDrop, byte special);
}
