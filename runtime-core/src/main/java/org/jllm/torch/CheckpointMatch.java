package org.jllm.torch;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.StoredTensor;

/** Compares what a plan needs with what a checkpoint holds. */
final class CheckpointMatch {
    private CheckpointMatch() {}

    /**
     * Checks that every tensor of a plan is there in its shape, and no other but what means nothing.
     *
     * @param ignorable names of tensors that mean nothing, beside those that are computed in every architecture
     * @throws InvalidModelException naming the first tensor that does not fit, and what was expected
     */
    static void check(Checkpoint checkpoint, List<TensorSpec> tensors, Predicate<String> ignorable) {
        Set<String> known = new HashSet<>();
        for (TensorSpec wanted : tensors) {
            known.add(wanted.name());
            StoredTensor stored = checkpoint.tensors().get(wanted.name());
            if (stored == null) {
                throw new InvalidModelException("the checkpoint lacks tensor '" + wanted.name() + "' of shape "
                        + wanted.shape() + ", which config.json asks for");
            }
            List<Long> shape = stored.shape();
            if (!shape.equals(wanted.shape())) {
                throw new InvalidModelException("tensor '" + stored.name() + "' has shape " + shape + " in "
                        + stored.file().getFileName() + ", but config.json asks for " + wanted.shape());
            }
        }
        checkpoint.tensors().forEach((name, stored) -> {
            if (!known.contains(name) && !ignorable.test(name) && !OldNames.isComputed(name)) {
                throw new InvalidModelException("tensor '" + stored.name() + "' of shape " + stored.shape() + " in "
                        + stored.file().getFileName() + " has no place in a model that config.json describes");
            }
        });
    }
}
