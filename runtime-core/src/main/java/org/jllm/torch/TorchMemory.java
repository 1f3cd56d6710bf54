package org.jllm.torch;

import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.generation.MemoryNeeds;

/** What a model takes, told from its plan and the headers of its checkpoint. */
final class TorchMemory {
    /** libtorch's own, its threads, the compiled script. */
    private static final long LIBRARY = 64L << 20;
    /** Rows as wide as an embedding that live at once in a layer, and rows as wide as its widest product. */
    private static final int NARROW_ROWS = 6;

    private static final int WIDE_ROWS = 3;

    private TorchMemory() {}

    static MemoryNeeds of(DecoderPlan plan, Checkpoint checkpoint, Precision precision, int context) {
        long logits = (long) plan.vocabularySize() * Float.BYTES;
        long rows = rows(TorchDecoder.MAX_BATCH_ROWS, checkpoint, plan.hiddenSize(), plan.vocabularySize());
        long cache = plan.cache().bytes(context, precision);
        return needs(checkpoint, precision, cache, rows + CacheRoom.SLOTS * logits, context);
    }

    /** What an encoder takes: it keeps nothing between two batches. */
    static MemoryNeeds of(EncoderPlan plan, Checkpoint checkpoint, Precision precision, int context) {
        EncoderPlan.Sizes sizes = plan.sizes();
        int tokens = Math.max(context, TorchEncoder.MAX_BATCH_TOKENS);
        long rows = rows(tokens, checkpoint, sizes.hidden(), sizes.vocabulary());
        return needs(checkpoint, precision, 0, rows, context);
    }

    /** Bytes of the rows of a batch. */
    private static long rows(int count, Checkpoint checkpoint, int hidden, int vocabulary) {
        long widest = hidden;
        for (StoredTensor tensor : checkpoint.distinct()) {
            for (long length : tensor.shape()) {
                widest = length == vocabulary ? widest : Math.max(widest, length);
            }
        }
        return count * (NARROW_ROWS * (long) hidden + WIDE_ROWS * widest) * Float.BYTES;
    }

    private static MemoryNeeds needs(
            Checkpoint checkpoint, Precision precision, long cache, long workspace, int context) {
        long mapped = 0;
        long copied = 0;
        for (StoredTensor tensor : checkpoint.distinct()) {
            if (precision.isStoredAs(tensor.type()) && tensor.isMappable()) {
                mapped += tensor.byteLength();
            } else {
                copied += tensor.elements() * precision.bytes();
            }
        }
        return new MemoryNeeds(mapped, copied, cache, LIBRARY + workspace, context, precision.toString());
    }
}
