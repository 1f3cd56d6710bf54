package org.jllm.torch;

import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.generation.MemoryNeeds;

/** What a decoder takes, told from its plan and the headers of its checkpoint. */
final class TorchMemory {
    /** libtorch's own, its threads, the compiled script. */
    private static final long LIBRARY = 64L << 20;
    /** Rows as wide as an embedding that live at once in a layer, and rows as wide as its widest product. */
    private static final int NARROW_ROWS = 6;

    private static final int WIDE_ROWS = 3;

    private TorchMemory() {}

    static MemoryNeeds of(DecoderPlan plan, Checkpoint checkpoint, Precision precision, int context) {
        long mapped = 0;
        long copied = 0;
        long widest = plan.hiddenSize();
        for (StoredTensor tensor : checkpoint.distinct()) {
            if (precision.isStoredAs(tensor.type()) && tensor.isMappable()) {
                mapped += tensor.byteLength();
            } else {
                copied += tensor.elements() * precision.bytes();
            }
            for (long length : tensor.shape()) {
                widest = length == plan.vocabularySize() ? widest : Math.max(widest, length);
            }
        }
        long row = (NARROW_ROWS * (long) plan.hiddenSize() + WIDE_ROWS * widest) * Float.BYTES;
        long logits = (long) plan.vocabularySize() * Float.BYTES;
        return new MemoryNeeds(
                mapped,
                copied,
                plan.cache().bytes(context, precision),
                LIBRARY + TorchDecoder.MAX_BATCH_ROWS * row + CacheRoom.SLOTS * logits,
                context,
                precision.toString());
    }
}
