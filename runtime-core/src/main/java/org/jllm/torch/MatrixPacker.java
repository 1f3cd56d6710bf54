package org.jllm.torch;

import ai.djl.pytorch.jni.IValue;
import java.util.HashMap;
import java.util.Map;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.Weight;

/**
 * Rounds the matrices of a model and packs them for its kernels, one at a time: {@code packing.py}. A file is mapped anew for
 * each, so that the pages of one that is packed are given back. Used on libtorch's thread only.
 */
final class MatrixPacker {
    private final ScriptModule module;
    private final Handles handles;
    private final Quantization quantization;
    private final Map<Source, Map<String, IValue>> packed = new HashMap<>();

    /** A matrix, whatever its name. */
    private record Source(Weight place, boolean inputsFirst) {}

    /** @param handles owner of what is packed */
    MatrixPacker(ScriptModule module, Handles handles, Quantization quantization) {
        this.module = module;
        this.handles = handles;
        this.quantization = quantization;
    }

    /** Puts the packed form of a matrix under the names by which {@code layers.py} looks for it. */
    void pack(ModelWeights weights, TensorSpec spec, Map<String, IValue> tensors) {
        Weight weight = weights.require(spec.name());
        Weight place = weight instanceof StoredTensor stored ? stored.named("") : weight;
        packed.computeIfAbsent(new Source(place, spec.isInputsFirst()), key -> pack(weight, spec.isInputsFirst()))
                .forEach((form, tensor) -> tensors.put(spec.name() + form, tensor));
    }

    private Map<String, IValue> pack(Weight weight, boolean inputsFirst) {
        try (Handles step = handles.nested()) {
            IValue stored = step.own(new WeightLoader(module, step).whole(weight, ElementType.F32, false));
            IValue transposed = step.of(inputsFirst);
            if (quantization == Quantization.FP16) {
                return Map.of(".fp16", handles.own(module.run("fp16", stored, transposed)));
            }
            IValue scales = handles.own(module.run("scales", stored, transposed));
            IValue int8 = handles.own(module.run("int8", stored, transposed, scales));
            return Map.of(".int8", int8, ".scales", scales);
        }
    }
}
