package org.jllm.torch;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.StoredTensor;

/** Compares what a plan needs with what a checkpoint holds. */
final class CheckpointMatch {
    private CheckpointMatch() {}

    /**
     * Checks that every tensor of the plan is there in its shape, and no other but what means nothing.
     *
     * @throws InvalidModelException naming the first tensor that does not fit, and what was expected
     */
    static void check(Checkpoint checkpoint, DecoderPlan plan) {
        Set<String> known = new HashSet<>();
        for (TensorSpec wanted : plan.tensors()) {
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
            if (!known.contains(name) && !plan.ignorable().test(name) && !OldNames.isComputed(name)) {
                throw new InvalidModelException("tensor '" + stored.name() + "' of shape " + stored.shape() + " in "
                        + stored.file().getFileName() + " has no place in a model that config.json describes");
            }
        });
    }
}
