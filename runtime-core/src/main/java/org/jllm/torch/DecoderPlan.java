package org.jllm.torch;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a decoder with a given configuration is made of.
 *
 * @param script the resource {@code torchscript/<script>.py}
 * @param tensors all that it needs, by the names of today's class; older ones are {@link OldNames}
 * @param ignorable names of tensors that a checkpoint may carry and that mean nothing for this plan, beside those that are
 *     computed in every architecture
 * @param cacheLayers layers that keep keys and values
 * @param cacheHeads key heads of such a layer
 * @param cacheSize width of a key head
 * @param hiddenSize width of an embedding
 * @param context positions that the model was made for
 * @param integers, numbers, lists the arguments of the script's {@code build}
 */
record DecoderPlan(
        String script,
        List<TensorSpec> tensors,
        Predicate<String> ignorable,
        int cacheLayers,
        int cacheHeads,
        int cacheSize,
        int hiddenSize,
        int vocabularySize,
        int context,
        Map<String, Long> integers,
        Map<String, Double> numbers,
        Map<String, long[]> lists) {

    List<String> tensorNames() {
        return tensors.stream().map(TensorSpec::name).toList();
    }

    /** Bytes of keys and values for one position of one sequence. */
    long cacheBytesPerPosition(Precision precision) {
        return 2L * cacheLayers * cacheHeads * cacheSize * precision.bytes();
    }
}
