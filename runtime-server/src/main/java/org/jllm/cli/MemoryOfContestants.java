package org.jllm.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.jllm.catalogue.ByteSize;
import org.jllm.generation.MemoryNeeds;
import org.jllm.machine.Machine;

/**
 * Whether models fit into the memory, alone and beside each other.
 *
 * @param free bytes
 */
record MemoryOfContestants(Jllm jllm, long free) {
    /** Looks at the machine, unless the options say that it does not matter. */
    static MemoryOfContestants of(Jllm jllm, LoadOptions options) {
        boolean ignored =
                Boolean.TRUE.equals(options.orElse(jllm.settings().load()).ignoreMemory());
        return new MemoryOfContestants(
                jllm, ignored ? Long.MAX_VALUE : Machine.availableBytes().orElse(Long.MAX_VALUE));
    }

    /** Why a model does not fit even alone; empty if it does. */
    Optional<String> misfit(ComparedModel model) {
        long needed = model.needs(jllm).total();
        return needed <= free
                ? Optional.empty()
                : Optional.of("it needs " + ByteSize.format(needed) + " of memory, and " + ByteSize.format(free)
                        + " are free");
    }

    /** Whether all fit at once; files that several of them map count once. */
    boolean fitTogether(List<ComparedModel> models) {
        Map<String, Long> mapped = new HashMap<>();
        long needed = 0;
        for (ComparedModel model : models) {
            MemoryNeeds needs = model.needs(jllm);
            needed += needs.total() - needs.mapped();
            mapped.merge(model.model(), needs.mapped(), Math::max);
        }
        return needed + mapped.values().stream().mapToLong(Long::longValue).sum() <= free;
    }
}
