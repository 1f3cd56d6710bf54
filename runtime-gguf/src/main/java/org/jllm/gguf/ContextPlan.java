package org.jllm.gguf;

import org.jllm.api.CapacityException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.catalogue.ByteSize;
import org.jllm.gguf.binding.Llama;
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

    private static final int SLOTS = 64;
    /** Each slot of a recurrent model takes memory for a whole state. */
    private static final int RECURRENT_SLOTS = 8;

    private static final int BATCH_ROWS = 512;
    /** Contexts that the cache holds where nothing is said of it, memory permitting. */
    private static final int CONTEXTS = 4;

    private static final int LEAST_CONTEXT = 2048;

    static ContextPlan of(LlamaModel model, LoadOptions options, Attention attention) {
        int trained = Llama.llama_model_n_ctx_train(model.handle());
        long bytes = Math.max(1, model.cacheBytesPerPosition());
        int slots = model.isRecurrent() ? RECURRENT_SLOTS : SLOTS;
        int context = context(options, trained, bytes);
        long cells = Math.max(context, Math.min(cells(options, context, slots, bytes), mostCells(model, context)));
        long needed = cells * bytes;
        long free = Machine.availableBytes().orElse(Long.MAX_VALUE);
        if (needed > free) {
            throw new CapacityException("a cache of " + cells + " positions needs " + ByteSize.format(needed) + ", but "
                    + ByteSize.format(free) + " of memory are free: choose a smaller --context or --cache-bytes");
        }
        Integer threads = options.threads();
        return new ContextPlan(
                slots,
                context,
                (int) cells,
                BATCH_ROWS,
                threads == null ? Machine.physicalCores() : threads,
                attention);
    }

    private static int context(LoadOptions options, int trained, long bytes) {
        Integer asked = options.context();
        if (asked == null) {
            long affordable = Math.max(LEAST_CONTEXT, Machine.memoryBytes() / 4 / bytes);
            return (int) Math.min(trained > 0 ? trained : LEAST_CONTEXT, affordable);
        }
        if (trained > 0 && asked > trained) {
            throw new InvalidRequestException(
                    "context " + asked + " is more than the " + trained + " positions that the model was made for");
        }
        return asked;
    }

    private static long cells(LoadOptions options, int context, int slots, long bytes) {
        Long asked = options.cacheBytes();
        long most = Math.min((long) context * slots, Integer.MAX_VALUE - 512L);
        long wanted =
                asked != null ? asked / bytes : Math.min((long) context * CONTEXTS, Machine.memoryBytes() / 16 / bytes);
        return Math.min(wanted, most);
    }

    /** Where long texts have rotary factors of their own, llama.cpp chooses them by the size of the whole cache. */
    private static long mostCells(LlamaModel model, int context) {
        long original = model.number(model.architecture() + ".rope.scaling.original_context_length")
                .orElse(0);
        return context <= original ? original : Long.MAX_VALUE;
    }
}
