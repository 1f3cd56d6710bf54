package org.jllm.torch;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jllm.encoding.EncoderCapabilities;
import org.jllm.encoding.EncoderOutput;
import org.jspecify.annotations.Nullable;

/**
 * What an encoder with a given configuration is made of.
 *
 * @param script the resource {@code torchscript/<script>.py}
 * @param tensors that every checkpoint has, by the names that the script knows
 * @param parts that a checkpoint may have
 * @param ignorable names of tensors that a checkpoint may carry and that mean nothing for this plan, beside those that
 *     are computed in every architecture
 * @param sizes of its inputs
 * @param problem what the labels are, as {@code config.json} says it
 * @param integers, numbers, lists the arguments of the script's {@code build}
 */
record EncoderPlan(
        String script,
        List<TensorSpec> tensors,
        List<EncoderPart> parts,
        Predicate<String> ignorable,
        Sizes sizes,
        @Nullable String problem,
        Map<String, Long> integers,
        Map<String, Double> numbers,
        Map<String, long[]> lists) {
    /**
     * Sizes of what goes in.
     *
     * @param hidden width of a hidden state
     * @param types token types; 1 for a model without them
     * @param context most tokens of a text
     * @param positions that may be given; 0: none
     * @param paddingId in a model that counts positions from the one after this id, and not over tokens of this id; -1 in
     *     one that counts all from 0
     * @param boxes coordinates; 0: none
     * @param entities entity vocabulary; 0: none
     * @param hidesTokens whether its attention can leave tokens at the end out
     */
    record Sizes(
            int hidden,
            int vocabulary,
            int types,
            int context,
            int positions,
            int paddingId,
            int boxes,
            int entities,
            boolean hidesTokens) {}

    /** Every name that the script knows, of parts too. */
    Set<String> tensorNames() {
        Set<String> names = new LinkedHashSet<>();
        tensors.forEach(tensor -> names.add(tensor.name()));
        parts.forEach(part -> part.tensors().forEach(tensor -> names.add(tensor.name())));
        return names;
    }

    /** The tensors for a checkpoint that has those of these names. */
    List<TensorSpec> tensors(Set<String> stored) {
        Set<TensorSpec> wanted = new LinkedHashSet<>(tensors);
        present(stored).forEach(part -> wanted.addAll(part.tensors()));
        return List.copyOf(wanted);
    }

    EncoderCapabilities capabilities(Set<String> stored, int context, int maxBatchTokens) {
        Set<EncoderOutput> outputs = EnumSet.of(EncoderOutput.HIDDEN_STATES, EncoderOutput.MEAN, EncoderOutput.FIRST);
        if (sizes.entities > 0) {
            outputs.add(EncoderOutput.ENTITY_HIDDEN_STATES);
        }
        List<String> labels = List.of();
        for (EncoderPart part : present(stored)) {
            EncoderOutput output = part.output();
            if (output != null) {
                outputs.add(output);
            }
            labels = part.labels().isEmpty() ? labels : part.labels();
        }
        return new EncoderCapabilities(
                outputs,
                sizes.hidden,
                sizes.vocabulary,
                sizes.types,
                context,
                sizes.positions,
                sizes.boxes,
                sizes.entities,
                sizes.hidesTokens,
                maxBatchTokens,
                labels,
                problem);
    }

    private List<EncoderPart> present(Set<String> stored) {
        List<EncoderPart> present = new ArrayList<>(parts);
        present.removeIf(part -> !stored.contains(part.key()));
        return present;
    }
}
