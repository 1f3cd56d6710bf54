package org.jllm.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * A matrix of int8 as bitsandbytes writes it: row {@code o} is {@code packed[o] * scales[o] / 127}.
 *
 * @param packed int8 [outputs, inputs]
 * @param scales float32 [outputs]
 * @param inputsFirst whether the model keeps the weight as [inputs, outputs] (Transformers' Conv1D), not [outputs, inputs]
 */
public record EightBitWeight(StoredTensor packed, StoredTensor scales, boolean inputsFirst) implements QuantizedWeight {
    @Override
    public List<Long> shape() {
        List<Long> shape = packed.shape();
        return inputsFirst ? List.of(shape.get(1), shape.get(0)) : shape;
    }

    /** What the reference computes in. */
    @Override
    public ElementType type() {
        return ElementType.F16;
    }

    @Override
    public List<StoredTensor> parts() {
        return List.of(packed, scales);
    }

    @Override
    public Path file() {
        return packed.file();
    }

    @Override
    public String form() {
        return "bitsandbytes int8";
    }
}
