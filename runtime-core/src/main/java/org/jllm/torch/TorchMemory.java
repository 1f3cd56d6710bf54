package org.jllm.torch;

import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.Weight;
import org.jllm.generation.MemoryNeeds;

/** What a decoder takes, told from its plan and the headers of its files. */
final class TorchMemory {
    /** libtorch's own, its threads, the compiled script. */
    private static final long LIBRARY = 64L << 20;
    /** Rows as wide as an embedding that live at once in a layer, and rows as wide as its widest product. */
    private static final int NARROW_ROWS = 6;

    private static final int WIDE_ROWS = 3;

    private TorchMemory() {}

    static MemoryNeeds of(PreparedModel model, Precision precision, int context) {
        DecoderPlan plan = model.plan();
        long mapped = 0;
        long copied = 0;
        long widest = plan.hiddenSize();
        for (Weight weight : model.weights().distinct()) {
            if (weight instanceof StoredTensor stored && precision.isStoredAs(stored.type()) && stored.isMappable()) {
                mapped += stored.byteLength();
            } else {
                copied += weight.elements() * precision.bytes();
            }
            for (long length : weight.shape()) {
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
