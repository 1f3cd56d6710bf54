package org.jllm.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.Weight;

/**
 * Brings the matrices of a model into the form of a kernel, one at a time. A file is mapped anew for each, so that the pages
 * of one that is done are given back. Used on libtorch's thread only.
 */
final class MatrixPacker {
    private static final String SCALES = ".scales";
    private static final String COLUMNS = ".columns";

    private final ScriptModule module;
    private final Handles handles;
    private final Kernel kernel;
    private final Map<Source, Map<String, IValue>> packed = new HashMap<>();

    /** A matrix, whatever its name. */
    private record Source(Weight place, boolean inputsFirst) {}

    /** @param handles owner of what is made */
    MatrixPacker(ScriptModule module, Handles handles, Kernel kernel) {
        this.module = module;
        this.handles = handles;
        this.kernel = kernel;
    }

    /** Puts matrices that get the same rows under the names by which the script looks for this form: as one if that can be. */
    void pack(ModelWeights weights, List<TensorSpec> stack, Map<String, IValue> tensors) {
        if (stack.size() > 1 && kernel.isInt8() && packAsOne(weights, stack, tensors)) {
            return;
        }
        for (TensorSpec spec : stack) {
            Weight weight = weights.require(spec.name());
            Weight place = weight instanceof StoredTensor stored ? stored.named("") : weight;
            packed.computeIfAbsent(new Source(place, spec.isInputsFirst()), key -> pack(weight, spec.isInputsFirst()))
                    .forEach((form, tensor) -> tensors.put(spec.name() + form, tensor));
        }
    }

    private Map<String, IValue> pack(Weight weight, boolean inputsFirst) {
        try (Handles step = handles.nested()) {
            IValue stored = stored(weight, step);
            IValue transposed = step.of(inputsFirst);
            if (!kernel.isInt8()) {
                String method = kernel == Kernel.FBGEMM_FP16 ? "fp16" : "bf16";
                return Map.of(kernel.form(), handles.own(module.run(method, stored, transposed)));
            }
            IValue columns = handles.own(module.run("columns", stored, transposed));
            IValue scales = handles.own(module.run("scales", stored, transposed, columns));
            IValue int8 = int8(List.of(stored), transposed, columns, List.of(scales), step);
            return Map.of(kernel.form(), int8, SCALES, scales, COLUMNS, columns);
        }
    }

    /** Below each other under the name of the first; not if what goes in would have to be multiplied differently for each. */
    private boolean packAsOne(ModelWeights weights, List<TensorSpec> stack, Map<String, IValue> tensors) {
        try (Handles step = handles.nested()) {
            IValue transposed = step.of(stack.get(0).isInputsFirst());
            List<IValue> stored = new ArrayList<>();
            List<IValue> columns = new ArrayList<>();
            for (TensorSpec spec : stack) {
                IValue matrix = stored(weights.require(spec.name()), step);
                IValue own = handles.own(module.run("columns", matrix, transposed));
                if (step.own((PtNDArray) own.toTensor(module.manager())).size() > 0) {
                    return false;
                }
                columns.add(own);
                stored.add(matrix);
            }
            List<IValue> scales = new ArrayList<>();
            for (IValue matrix : stored) {
                scales.add(handles.own(module.run("scales", matrix, transposed, columns.get(0))));
            }
            String first = stack.get(0).name();
            tensors.put(first + kernel.form(), int8(stored, transposed, columns.get(0), scales, step));
            tensors.put(first + COLUMNS, columns.get(0));
            for (int i = 0; i < stack.size(); i++) {
                tensors.put(stack.get(i).name() + SCALES, scales.get(i));
            }
            return true;
        }
    }

    private IValue stored(Weight weight, Handles step) {
        return step.own(new WeightLoader(module, step).whole(weight, ElementType.F32, false));
    }

    private IValue int8(List<IValue> stored, IValue transposed, IValue columns, List<IValue> scales, Handles step) {
        IValue int8 = module.run("int8", list(stored, step), transposed, columns, list(scales, step));
        if (kernel == Kernel.ENGINE_INT8) {
            return handles.own(int8);
        }
        return handles.own(module.run("onednn", step.own(int8)));
    }

    private static IValue list(List<IValue> values, Handles step) {
        return step.own(IValue.listFrom(values.toArray(IValue[]::new)));
    }
}
