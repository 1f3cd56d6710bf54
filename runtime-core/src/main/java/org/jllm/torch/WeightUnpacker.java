package org.jllm.torch;

import ai.djl.pytorch.jni.IValue;
import java.util.List;
import java.util.function.Function;
import org.jllm.checkpoint.EightBitWeight;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.FourBitWeight;
import org.jllm.checkpoint.GptqWeight;
import org.jllm.checkpoint.LowRankUpdate;
import org.jllm.checkpoint.QuantizedWeight;
import org.jllm.checkpoint.StoredTensor;

/**
 * Makes whole matrices of those that are stored in few bits, and adds the updates of adapters: {@code weights.py}. The
 * results belong to the caller. Used on libtorch's thread only.
 */
final class WeightUnpacker {
    private final ScriptModule module;
    private final Handles handles;
    private final Function<StoredTensor, IValue> raw;

    /**
     * @param handles owner of values that are needed for a moment
     * @param raw gives a stored tensor as it is, to be closed by the caller
     */
    WeightUnpacker(ScriptModule module, Handles handles, Function<StoredTensor, IValue> raw) {
        this.module = module;
        this.handles = handles;
        this.raw = raw;
    }

    /** A quantised matrix in the given type, in memory of its own. */
    IValue unpack(QuantizedWeight weight, ElementType type) {
        try (Handles step = handles.nested()) {
            IValue dtype = step.of(ScalarTypes.of(type));
            // Java 17 has no exhaustive switch over a sealed type.
            if (weight instanceof GptqWeight gptq) {
                return module.run(
                        "gptq",
                        raw(gptq.packed(), step),
                        raw(gptq.zeros(), step),
                        raw(gptq.scales(), step),
                        step.of(gptq.groups()),
                        step.of(gptq.bits()),
                        step.of(gptq.zeroOffset()),
                        step.of(gptq.inputsFirst()),
                        dtype);
            } else if (weight instanceof FourBitWeight fourBit) {
                return module.run(
                        "four_bit",
                        raw(fourBit.packed().asBytes(), step),
                        raw(fourBit.levels(), step),
                        magnitudes(fourBit, step),
                        step.of(fourBit.blockSize()),
                        step.of(fourBit.outputs()),
                        step.of(fourBit.inputs()),
                        step.of(fourBit.inputsFirst()),
                        dtype);
            }
            EightBitWeight eightBit = (EightBitWeight) weight;
            return module.run(
                    "eight_bit",
                    raw(eightBit.packed(), step),
                    raw(eightBit.scales(), step),
                    step.of(eightBit.inputsFirst()),
                    dtype);
        }
    }

    private IValue magnitudes(FourBitWeight weight, Handles step) {
        IValue magnitudes = raw(weight.magnitudes(), step);
        FourBitWeight.Nested nested = weight.nested();
        return nested == null
                ? magnitudes
                : step.own(module.run(
                        "nested",
                        magnitudes,
                        raw(nested.levels(), step),
                        raw(nested.magnitudes(), step),
                        step.of(nested.blockSize()),
                        step.of(nested.offset())));
    }

    /** Adds updates to a matrix and writes the result to {@code target}, which may be the matrix itself. */
    IValue merge(IValue source, IValue target, List<LowRankUpdate> updates) {
        try (Handles step = handles.nested()) {
            return module.run(
                    "merge",
                    source,
                    target,
                    factors(updates, LowRankUpdate::a, step),
                    factors(updates, LowRankUpdate::b, step),
                    step.of(updates.stream().mapToDouble(LowRankUpdate::scale).toArray()),
                    step.of(updates.stream()
                            .mapToLong(update -> update.transposed() ? 1 : 0)
                            .toArray()));
        }
    }

    private IValue factors(List<LowRankUpdate> updates, Function<LowRankUpdate, StoredTensor> factor, Handles step) {
        IValue[] tensors =
                updates.stream().map(update -> raw(factor.apply(update), step)).toArray(IValue[]::new);
        return step.own(IValue.listFrom(tensors));
    }

    private IValue raw(StoredTensor tensor, Handles step) {
        return step.own(raw.apply(tensor));
    }
}
