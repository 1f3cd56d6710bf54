package org.jllm.torch;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jllm.encoding.AudioCapabilities;

/**
 * What an encoder of sound with a given configuration is made of.
 *
 * @param script the resource {@code torchscript/<script>.py}
 * @param tensors all that it needs, by the names that the script knows
 * @param names what the script calls a tensor of the checkpoint, beside the {@link OldNames}
 * @param ignorable names of tensors that a checkpoint may carry and that mean nothing for this plan
 * @param integers, numbers, lists the arguments of the script's {@code build}
 */
record AudioPlan(
        String script,
        List<TensorSpec> tensors,
        UnaryOperator<String> names,
        Predicate<String> ignorable,
        AudioCapabilities capabilities,
        Map<String, Long> integers,
        Map<String, Double> numbers,
        Map<String, long[]> lists) {

    List<String> tensorNames() {
        return tensors.stream().map(TensorSpec::name).toList();
    }
}
