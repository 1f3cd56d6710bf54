package org.jllm.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A weight of a base model with the updates of adapters.
 *
 * @param base a stored or quantised weight
 * @param updates at least one, each of the base's shape
 */
public record AdaptedWeight(Weight base, List<LowRankUpdate> updates) implements Weight {
    public AdaptedWeight {
        updates = List.copyOf(updates);
    }

    /** The weight with one more update. */
    public static AdaptedWeight of(Weight weight, LowRankUpdate update) {
        return weight instanceof AdaptedWeight adapted
                ? new AdaptedWeight(
                        adapted.base,
                        Stream.concat(adapted.updates.stream(), Stream.of(update))
                                .toList())
                : new AdaptedWeight(weight, List.of(update));
    }

    @Override
    public List<Long> shape() {
        return base.shape();
    }

    /** Those of the base and of the updates. */
    @Override
    public List<StoredTensor> parts() {
        Stream<StoredTensor> factors = updates.stream().flatMap(update -> Stream.of(update.a(), update.b()));
        return Stream.concat(base.parts().stream(), factors).toList();
    }

    @Override
    public ElementType type() {
        return base.type();
    }

    @Override
    public Path file() {
        return base.file();
    }
}
