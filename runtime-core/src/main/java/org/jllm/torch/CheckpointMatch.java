package org.jllm.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.Weight;
import org.jspecify.annotations.Nullable;

/** Compares what a plan needs with what a checkpoint holds. */
final class CheckpointMatch {
    private final DecoderPlan plan;
    private final Set<String> wanted;
    private final OldNames names;

    /** A weight and the name that it was stored under. */
    private record Found(String name, Weight weight) {}

    /** @param stored names that the checkpoint has */
    CheckpointMatch(DecoderPlan plan, Set<String> stored) {
        this.plan = plan;
        wanted = plan.tensors().stream().map(TensorSpec::name).collect(Collectors.toSet());
        names = new OldNames(wanted, stored);
    }

    /** What a stored name may mean, the likeliest first. */
    private List<String> meanings(String stored) {
        List<String> meanings = names.meanings(stored);
        return Stream.concat(meanings.stream(), meanings.stream().map(plan.names()))
                .toList();
    }

    /** The name by which the plan knows a stored one, if it wants it. */
    Optional<String> meaning(String stored) {
        return meanings(stored).stream().filter(wanted::contains).findFirst();
    }

    /**
     * The weights of the plan, by the names of the plan, whatever names they were saved under.
     *
     * @throws InvalidModelException naming the first tensor that is missing, has another shape, or has no place in the
     *     plan, and what was expected
     */
    ModelWeights fit(ModelWeights weights) {
        Map<String, Found> found = new HashMap<>();
        List<Found> others = new ArrayList<>();
        weights.all().forEach((name, weight) -> {
            Found here = new Found(name, weight);
            Optional<String> meaning = meaning(name);
            if (meaning.isPresent()) {
                found.merge(meaning.get(), here, (first, second) -> exact(meaning.get(), first, second));
            } else if (!isIgnorable(name) && !weights.isIdleBias(name)) {
                others.add(here);
            }
        });
        Map<String, Weight> fitting = new LinkedHashMap<>();
        plan.tensors().forEach(spec -> fitting.put(spec.name(), checked(spec, found.get(spec.name()))));
        if (!others.isEmpty()) {
            Found other = others.get(0);
            throw new InvalidModelException("tensor '" + other.name() + "' of shape "
                    + other.weight().shape() + " in " + other.weight().file().getFileName()
                    + " has no place in a model that config.json describes");
        }
        return ModelWeights.of(fitting);
    }

    private boolean isIgnorable(String name) {
        return meanings(name).stream()
                .anyMatch(meaning -> plan.ignorable().test(meaning) || OldNames.isComputed(meaning));
    }

    private static Weight checked(TensorSpec wanted, @Nullable Found found) {
        if (found == null) {
            throw new InvalidModelException("the checkpoint lacks tensor '" + wanted.name() + "' of shape "
                    + wanted.shape() + ", which config.json asks for");
        }
        Weight weight = found.weight();
        if (!weight.shape().equals(wanted.shape())) {
            throw new InvalidModelException("tensor '" + found.name() + "' has shape " + weight.shape() + " in "
                    + weight.file().getFileName() + ", but config.json asks for " + wanted.shape());
        }
        return weight;
    }

    private static Found exact(String name, Found first, Found second) {
        if (first.name().equals(name)) {
            return first;
        }
        if (second.name().equals(name)) {
            return second;
        }
        throw new InvalidModelException("tensors '" + first.name() + "' and '" + second.name() + "' in "
                + first.weight().file().getFileName() + " both stand for '" + name + "'");
    }
}
