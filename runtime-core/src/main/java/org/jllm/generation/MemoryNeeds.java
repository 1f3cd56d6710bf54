package org.jllm.generation;

/**
 * Bytes of memory that a model takes while it computes. All of them have to stay in memory: a step reads every weight.
 *
 * @param mapped weights that are read where they lie in their files; the system may drop these pages, and then has to
 *     read them from the disk again at every step
 * @param copied weights in memory of the process's own, since their type or place is not the engine's
 * @param cache keys and values of one whole context, or as much as the engine sets aside
 * @param workspace intermediate results of the largest batch
 * @param context positions that the cache was counted for
 * @param type that the weights are computed in, as the engine names it
 */
public record MemoryNeeds(long mapped, long copied, long cache, long workspace, int context, String type) {
    /** Bytes of the weights. */
    public long weights() {
        return mapped + copied;
    }

    /** All of it. */
    public long total() {
        return weights() + cache + workspace;
    }
}
