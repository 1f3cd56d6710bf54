package org.jllm.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.StoredTensor;
import org.jspecify.annotations.Nullable;

/** Compares what a plan needs with what a checkpoint holds. */
final class CheckpointMatch {
    private CheckpointMatch() {}

    /**
     * The tensors of the plan, by the names of the plan, whatever names they were saved under.
     *
     * @throws InvalidModelException naming the first tensor that is missing, has another shape, or has no place in the
     *     plan, and what was expected
     */
    static Checkpoint fit(Checkpoint checkpoint, DecoderPlan plan) {
        Set<String> wanted = plan.tensors().stream().map(TensorSpec::name).collect(Collectors.toSet());
        OldNames names = new OldNames(wanted, checkpoint.tensors().keySet());
        Map<String, StoredTensor> found = new HashMap<>();
        List<StoredTensor> others = new ArrayList<>();
        for (StoredTensor stored : checkpoint.tensors().values()) {
            List<String> meanings = names.meanings(stored.name());
            Optional<String> meaning = meanings.stream().filter(wanted::contains).findFirst();
            if (meaning.isPresent()) {
                found.merge(meaning.get(), stored, (first, second) -> exact(meaning.get(), first, second));
            } else if (meanings.stream()
                    .noneMatch(name -> plan.ignorable().test(name) || OldNames.isComputed(name))) {
                others.add(stored);
            }
        }
        List<StoredTensor> tensors = plan.tensors().stream()
                .map(spec -> checked(spec, found.get(spec.name())))
                .toList();
        if (!others.isEmpty()) {
            StoredTensor other = others.get(0);
            throw new InvalidModelException("tensor '" + other.name() + "' of shape " + other.shape() + " in "
                    + other.file().getFileName() + " has no place in a model that config.json describes");
        }
        return Checkpoint.of(tensors);
    }

    private static StoredTensor checked(TensorSpec wanted, @Nullable StoredTensor stored) {
        if (stored == null) {
            throw new InvalidModelException("the checkpoint lacks tensor '" + wanted.name() + "' of shape "
                    + wanted.shape() + ", which config.json asks for");
        }
        if (!stored.shape().equals(wanted.shape())) {
            throw new InvalidModelException("tensor '" + stored.name() + "' has shape " + stored.shape() + " in "
                    + stored.file().getFileName() + ", but config.json asks for " + wanted.shape());
        }
        return stored.named(wanted.name());
    }

    private static StoredTensor exact(String name, StoredTensor first, StoredTensor second) {
        if (first.name().equals(name)) {
            return first;
        }
        if (second.name().equals(name)) {
            return second;
        }
        throw new InvalidModelException("tensors '" + first.name() + "' and '" + second.name() + "' in "
                + first.file().getFileName() + " both stand for '" + name + "'");
    }
}
