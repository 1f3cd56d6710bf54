package org.jllm.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.Weight;

/** Compares what a plan needs with what a checkpoint holds. */
final class CheckpointMatch {
    private CheckpointMatch() {}

    /**
     * The weights of the plan alone: checks that every one is there in its shape, and no other but what means nothing.
     *
     * @param ignorable names of tensors that mean nothing, beside those that are computed in every architecture
     * @throws InvalidModelException naming the first tensor that does not fit, and what was expected
     */
    static ModelWeights fit(ModelWeights weights, List<TensorSpec> tensors, Predicate<String> ignorable) {
        Map<String, Weight> fitting = new LinkedHashMap<>();
        for (TensorSpec wanted : tensors) {
            Weight stored = weights.get(wanted.name());
            if (stored == null) {
                throw new InvalidModelException("the checkpoint lacks tensor '" + wanted.name() + "' of shape "
                        + wanted.shape() + ", which config.json asks for");
            }
            List<Long> shape = stored.shape();
            if (!shape.equals(wanted.shape())) {
                throw new InvalidModelException("tensor '" + name(stored, wanted.name()) + "' has shape " + shape
                        + " in " + stored.file().getFileName() + ", but config.json asks for " + wanted.shape());
            }
            fitting.put(wanted.name(), stored);
        }
        weights.all().forEach((name, stored) -> {
            boolean idle = ignorable.test(name) || OldNames.isComputed(name) || weights.isIdleBias(name);
            if (!fitting.containsKey(name) && !idle) {
                throw new InvalidModelException("tensor '" + name(stored, name) + "' of shape " + stored.shape()
                        + " in " + stored.file().getFileName() + " has no place in a model that config.json describes");
            }
        });
        return ModelWeights.of(fitting);
    }

    /** What the file calls a tensor, which the model may know by another name. */
    private static String name(Weight weight, String known) {
        return weight instanceof StoredTensor tensor ? tensor.name() : known;
    }
}
