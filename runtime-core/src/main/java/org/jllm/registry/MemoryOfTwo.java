package org.jllm.registry;

import org.jllm.api.CapacityException;
import org.jllm.catalogue.ByteSize;
import org.jllm.generation.MemoryNeeds;

/**
 * What two models take that are loaded beside each other.
 *
 * @param sameFiles whether both are of the same files, which are mapped but once
 */
public record MemoryOfTwo(MemoryNeeds first, MemoryNeeds second, boolean sameFiles) {
    /** All of it. */
    public long total() {
        long shared = sameFiles ? Math.min(first.mapped(), second.mapped()) : 0;
        return first.total() + second.total() - shared;
    }

    /**
     * Checks that they fit.
     *
     * @param free bytes
     * @throws CapacityException if they do not, with the numbers
     */
    public void check(long free) {
        if (total() > free) {
            throw new CapacityException("the model and its reference need " + ByteSize.format(total())
                    + " together: the first " + MemoryPlan.describe(first) + ", the second "
                    + MemoryPlan.describe(second) + ", but " + ByteSize.format(free)
                    + " are free: choose a smaller --context, or a smaller type for the reference"
                    + " (--ignore-memory loads them nevertheless)");
        }
    }
}
