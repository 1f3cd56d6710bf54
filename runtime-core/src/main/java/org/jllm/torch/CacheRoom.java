package org.jllm.torch;

import org.jllm.api.CapacityException;

/**
 * What fits into the memory for caches.
 *
 * @param slots sequences that can be open
 * @param units positions with keys and values, or cells with a state, of all slots together
 * @param positions of all slots together, as {@link org.jllm.generation.Capabilities#cachePositions()} counts them
 */
record CacheRoom(int slots, long units, long positions) {
    /** The most sequences that can be open. */
    static final int SLOTS = 64;

    /** @throws CapacityException if not even one state fits */
    static CacheRoom of(CacheShape shape, TorchDecoder.Settings settings) {
        long one = shape.unitBytes(settings.precision());
        long units = settings.cacheBytes() / one;
        if (shape instanceof CacheShape.KeysAndValues) {
            return new CacheRoom(SLOTS, units, Math.min(units, (long) SLOTS * settings.context()));
        }
        if (units == 0) {
            throw new CapacityException("the state of one sequence takes " + one + " bytes, and cache_bytes is "
                    + settings.cacheBytes() + ": allow more");
        }
        int slots = (int) Math.min(SLOTS, units);
        return new CacheRoom(slots, units, (long) slots * settings.context());
    }
}
