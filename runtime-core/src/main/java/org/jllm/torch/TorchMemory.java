package org.jllm.torch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.Weight;
import org.jllm.generation.MemoryNeeds;

/** What a model takes, told from its plan and the headers of its files. */
final class TorchMemory {
    /** libtorch's own, its threads, the compiled script. */
    private static final long LIBRARY = 64L << 20;
    /** Rows as wide as an embedding that live at once in a layer, and rows as wide as its widest product. */
    private static final int NARROW_ROWS = 6;

    private static final int WIDE_ROWS = 3;

    private TorchMemory() {}

    static MemoryNeeds of(PreparedModel model, WeightForm form, int context) {
        DecoderPlan plan = model.plan();
        long logits = (long) plan.vocabularySize() * Float.BYTES;
        long rows = rows(TorchDecoder.MAX_BATCH_ROWS, model.weights(), plan.hiddenSize(), plan.vocabularySize());
        long cache = plan.cache().bytes(context, form.precision());
        return needs(model.weights(), plan.tensors(), form, cache, rows + CacheRoom.SLOTS * logits, context);
    }

    /** What an encoder takes: it keeps nothing between two batches. */
    static MemoryNeeds of(EncoderPlan plan, ModelWeights weights, WeightForm form, int context) {
        EncoderPlan.Sizes sizes = plan.sizes();
        int tokens = Math.max(context, TorchEncoder.MAX_BATCH_TOKENS);
        long rows = rows(tokens, weights, sizes.hidden(), sizes.vocabulary());
        return needs(weights, plan.tensors(weights.all().keySet()), form, 0, rows, context);
    }

    /** Bytes of the rows of a batch. */
    private static long rows(int count, ModelWeights weights, int hidden, int vocabulary) {
        long widest = hidden;
        for (Weight weight : weights.distinct()) {
            for (long length : weight.shape()) {
                widest = length == vocabulary ? widest : Math.max(widest, length);
            }
        }
        return count * (NARROW_ROWS * (long) hidden + WIDE_ROWS * widest) * Float.BYTES;
    }

    private static MemoryNeeds needs(
            ModelWeights weights, List<TensorSpec> specs, WeightForm form, long cache, long workspace, int context) {
        Precision precision = form.precision();
        long mapped = 0;
        long copied = 0;
        Set<Weight> packed = places(weights, specs, form::packs);
        Set<Weight> whole = places(weights, specs, spec -> !form.packs(spec));
        for (Weight weight : weights.distinct()) {
            if (packed.contains(weight)) {
                copied += weight.elements() * form.matrixBytes();
            }
            if (packed.contains(weight) && !whole.contains(weight)) {
                continue;
            }
            if (weight instanceof StoredTensor stored && precision.isStoredAs(stored.type()) && stored.isMappable()) {
                mapped += stored.byteLength();
            } else {
                copied += weight.elements() * precision.bytes();
            }
        }
        return new MemoryNeeds(mapped, copied, cache, LIBRARY + workspace, context, form.matrixType());
    }

    /** The weights of some of the tensors, as {@link ModelWeights#distinct} tells them apart. */
    private static Set<Weight> places(ModelWeights weights, List<TensorSpec> specs, Predicate<TensorSpec> wanted) {
        Map<String, Weight> named = new HashMap<>();
        for (TensorSpec spec : specs) {
            Weight weight = weights.get(spec.name());
            if (weight != null && wanted.test(spec)) {
                named.put(spec.name(), weight);
            }
        }
        return ModelWeights.of(named).distinct();
    }
}
