package org.jllm.torch;

import ai.djl.pytorch.jni.IValue;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.EngineException;

/** Which kernels work on this processor: each is tried once, on sums that overflow first. Used on libtorch's thread only. */
final class Kernels {
    private final LibTorch torch;
    private final Map<Kernel, Boolean> working = new EnumMap<>(Kernel.class);

    Kernels(LibTorch torch) {
        this.torch = torch;
    }

    /** The kernel for the matrices of a model. */
    Kernel choose(WeightForm form, ScriptModule module) {
        boolean reordered = form.reordered() && works(Kernel.ONEDNN_BF16, module);
        return reordered ? Kernel.ONEDNN_BF16 : choose(form.quantization(), module);
    }

    /**
     * The fastest kernel for matrices that are rounded so.
     *
     * @param module any, to try it with
     * @throws EngineException if this processor has none
     */
    Kernel choose(Quantization quantization, ScriptModule module) {
        return quantization.kernels().stream()
                .filter(kernel -> works(kernel, module))
                .findFirst()
                .orElseThrow(() -> new EngineException("libtorch has no products of " + quantization
                        + " matrices for this processor: leave quantize out"));
    }

    /** All that work, in the order of their declaration. */
    List<Kernel> all(ScriptModule module) {
        return List.of(Kernel.values()).stream()
                .filter(kernel -> works(kernel, module))
                .toList();
    }

    private boolean works(Kernel kernel, ScriptModule module) {
        return kernel == Kernel.STORED || working.computeIfAbsent(kernel, untried -> isExact(untried, module));
    }

    private boolean isExact(Kernel kernel, ScriptModule module) {
        try (Handles step = new Handles(torch)) {
            IValue error = step.own(module.run("kernel_error", step.of(kernel.form())));
            return error.toDouble() <= kernel.tolerance();
        } catch (EngineException e) {
            return false;
        }
    }
}
