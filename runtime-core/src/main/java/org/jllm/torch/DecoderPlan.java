package org.jllm.torch;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What a decoder with a given configuration is made of.
 *
 * @param script the resource {@code torchscript/<script>.py}
 * @param tensors all that it needs, by the names that the script knows
 * @param names what the script calls a tensor of the checkpoint, beside the {@link OldNames}; most have one name only
 * @param ignorable names, as the script would have them, of tensors that a checkpoint may carry and that mean nothing for
 *     this plan, beside those that are computed in every architecture
 * @param cache what it keeps of each sequence
 * @param hiddenSize width of an embedding
 * @param context positions that the model was made for
 * @param longestContext positions that it can be asked for
 * @param integers, numbers, lists the arguments of the script's {@code build}; the engine adds the integers {@code
 *     context}, which it runs with, and {@code rows}, the most that one slot has in a step
 */
record DecoderPlan(
        String script,
        List<TensorSpec> tensors,
        UnaryOperator<String> names,
        Predicate<String> ignorable,
        CacheShape cache,
        int hiddenSize,
        int vocabularySize,
        int context,
        int longestContext,
        Map<String, Long> integers,
        Map<String, Double> numbers,
        Map<String, long[]> lists) {

    List<String> tensorNames() {
        return tensors.stream().map(TensorSpec::name).toList();
    }
}
