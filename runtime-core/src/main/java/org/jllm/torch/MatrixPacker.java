package org.jllm.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.Weight;

/**
 * Brings the matrices of a model into the form of a kernel, one stack at a time. A file is mapped anew for each, so that the pages
 * of one that is done are given back. Used on libtorch's thread only.
 */
final class MatrixPacker {
    private final ScriptModule module;
    private final Handles handles;
    private final Kernel kernel;

    /** @param handles owner of what is made */
    MatrixPacker(ScriptModule module, Handles handles, Kernel kernel) {
        this.module = module;
        this.handles = handles;
        this.kernel = kernel;
    }

    /** A stack in this form: as one if that can be. */
    PackedStack pack(MatrixStack stack) {
        try (Handles step = handles.nested()) {
            IValue transposed = step.of(stack.inputsFirst());
            List<IValue> stored = new ArrayList<>();
            for (Weight weight : stack.weights()) {
                stored.add(step.own(new WeightLoader(module, step).whole(weight, ElementType.F32, false)));
            }
            return kernel.isInt8() ? int8(stored, transposed, step) : plain(stored, transposed);
        }
    }

    private PackedStack plain(List<IValue> stored, IValue transposed) {
        String method = kernel == Kernel.FBGEMM_FP16 ? "fp16" : "bf16";
        List<IValue> numbers = new ArrayList<>();
        for (IValue matrix : stored) {
            numbers.add(handles.own(module.run(method, matrix, transposed)));
        }
        return new PackedStack(numbers, List.of(), List.of());
    }

    /** Below each other; not if what goes in would have to be multiplied differently for each. */
    private PackedStack int8(List<IValue> stored, IValue transposed, Handles step) {
        List<IValue> columns = new ArrayList<>();
        List<IValue> scales = new ArrayList<>();
        boolean asOne = true;
        for (IValue matrix : stored) {
            IValue[] measured =
                    step.own(module.run("measured", matrix, transposed)).toIValueArray();
            columns.add(handles.own(measured[0]));
            scales.add(handles.own(measured[1]));
            asOne &=
                    step.own((PtNDArray) measured[0].toTensor(module.manager())).size() == 0;
        }
        List<IValue> numbers = new ArrayList<>();
        for (int i = 0; i < (asOne ? 1 : stored.size()); i++) {
            List<IValue> matrices = asOne ? stored : stored.subList(i, i + 1);
            List<IValue> theirs = asOne ? scales : scales.subList(i, i + 1);
            numbers.add(int8(matrices, transposed, columns.get(i), theirs, step));
        }
        return new PackedStack(numbers, scales, columns);
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
