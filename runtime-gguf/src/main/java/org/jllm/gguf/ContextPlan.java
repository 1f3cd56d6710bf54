package org.jllm.gguf;

import org.jllm.api.CapacityException;
import org.jllm.api.LoadOptions;
import org.jllm.catalogue.ByteSize;
import org.jllm.generation.ContextChoice;
import org.jllm.gguf.binding.Llama;
import org.jllm.gguf.binding.LlamaContextParams;
import org.jllm.machine.Machine;

/**
 * How large a context of llama.cpp is made. It takes its memory at once, so the defaults are more modest than what a model
 * may have been made for.
 *
 * @param context positions of a slot
 * @param cells positions of all slots together
 * @param threads of a computation
 */
record ContextPlan(int slots, int context, int cells, int batchRows, int threads, Attention attention) {
    /** How attention is computed. */
    enum Attention {
        /** As llama.cpp does by default: keys and values in half precision, fused where that is faster. */
        FAST,
        /** In float32 all the way, so that logits depend less on the shape of a batch. */
        EXACT
    }

    static final int SLOTS = 64;
    /** Each slot of a recurrent model takes memory for a whole state. */
    static final int RECURRENT_SLOTS = 8;

    static final int BATCH_ROWS = 512;

    static final String ORIGINAL_CONTEXT = ".rope.scaling.original_context_length";
    /** Contexts that the cache holds where nothing is said of it, memory permitting. */
    private static final int CONTEXTS = 4;

    static ContextPlan of(LlamaModel model, LoadOptions options, Attention attention) {
        int trained = Llama.llama_model_n_ctx_train(model.handle());
        long bytes = Math.max(1, model.cacheBytesPerPosition());
        int slots = model.isRecurrent() ? RECURRENT_SLOTS : SLOTS;
        int context = ContextChoice.of(options.context(), trained, trained, bytes);
        long original = model.number(model.architecture() + ORIGINAL_CONTEXT).orElse(0);
        long cells = cells(options, context, slots, bytes, original);
        Integer threads = options.threads();
        return new ContextPlan(
                slots,
                context,
                (int) cells,
                BATCH_ROWS,
                threads == null ? Machine.physicalCores() : threads,
                attention);
    }

    /**
     * A context that keeps nothing from one batch to the next. A text has to fit into a batch, and takes room for logits
     * too, which llama.cpp computes whether they are wanted or not.
     */
    static ContextPlan ofEmbedder(LlamaModel model, LoadOptions options, Attention attention) {
        int trained = Llama.llama_model_n_ctx_train(model.handle());
        Integer asked = options.context();
        int context = asked != null || trained > 0 && trained < ContextChoice.LEAST
                ? ContextChoice.of(asked, trained, trained, 1)
                : ContextChoice.LEAST;
        int rows = Math.max(context, BATCH_ROWS);
        long needed = rows * (model.cacheBytesPerPosition() + 2L * Float.BYTES * model.vocabularySize());
        long free = Machine.availableBytes().orElse(Long.MAX_VALUE);
        if (needed > free) {
            throw new CapacityException("texts of " + context + " tokens need " + ByteSize.format(needed) + ", but "
                    + ByteSize.format(free) + " of memory are free: choose a smaller --context");
        }
        Integer threads = options.threads();
        return new ContextPlan(
                // States of recurrent models run into each other.
                model.isRecurrent() ? 1 : SLOTS,
                context,
                rows,
                rows,
                threads == null ? Machine.physicalCores() : threads,
                attention);
    }

    /** The parameters of such a context. */
    LlamaContextParams params(boolean onCpu) {
        LlamaContextParams params = Llama.llama_context_default_params();
        params.n_ctx = cells;
        params.n_batch = batchRows + slots;
        params.n_ubatch = batchRows;
        params.n_seq_max = slots;
        params.n_threads = threads;
        params.n_threads_batch = threads;
        // Copies of a part of a sequence abort the process otherwise.
        params.kv_unified = 1;
        params.swa_full = 1;
        params.offload_kqv = (byte) (onCpu ? 0 : 1);
        params.op_offload = (byte) (onCpu ? 0 : 1);
        if (attention == Attention.EXACT) {
            params.flash_attn_type = Llama.FLASH_ATTN_TYPE_DISABLED;
            params.type_k = Llama.GGML_TYPE_F32;
            params.type_v = Llama.GGML_TYPE_F32;
        }
        return params;
    }

    /**
     * Positions that the cache of all slots has.
     *
     * @param original context before a scaling for long texts; 0: there is none
     */
    static long cells(LoadOptions options, int context, int slots, long bytes, long original) {
        Long asked = options.cacheBytes();
        long most = Math.min((long) context * slots, Integer.MAX_VALUE - 512L);
        // Beside them, one context is kept for later (LlamaCppDecoder.worthKeeping).
        long wanted = asked != null
                ? asked / bytes - context
                : Math.min((long) context * CONTEXTS, Machine.memoryBytes() / 16 / bytes);
        // Where long texts have rotary factors of their own, llama.cpp chooses them by the size of the whole cache.
        long bound = context <= original ? original : Long.MAX_VALUE;
        return Math.max(context, Math.min(Math.min(wanted, most), bound));
    }
}
