package org.jllm.generation;

import java.util.Optional;

/**
 * A loaded decoder: ids in, logits out. It keeps a cache for each open slot and knows nothing of texts, sampling or
 * requests. {@code AbstractDecoderBackendTest} says what an implementation owes.
 *
 * <p>Calls must not overlap: one thread at a time. Arguments that do not fit (a slot that is not open, a position that
 * does not continue its cache, a token outside the vocabulary, a batch that is too large) are an
 * {@link IllegalArgumentException} before anything native is touched; after {@link #close()} every call is an
 * {@link IllegalStateException}.
 */
public interface DecoderBackend extends AutoCloseable {
    Capabilities capabilities();

    /** Opens a slot with an empty cache. */
    void open(int slot);

    /**
     * Opens a slot of an encoder–decoder.
     *
     * @param encoderIds ids of the text that the encoder reads
     */
    default void open(int slot, int[] encoderIds) {
        throw new IllegalArgumentException("this model has no encoder");
    }

    /** Closes a slot and frees its cache. */
    void close(int slot);

    /** Positions in the cache of an open slot. */
    int length(int slot);

    /**
     * Computes a batch and appends its rows to the caches of their slots.
     *
     * @return the logits of the rows that want them, valid until the next step
     * @throws org.jllm.api.CapacityException if the caches cannot grow any further; nothing has changed then
     */
    Logits step(Batch batch);

    /**
     * Keeps the first {@code length} positions of a slot.
     *
     * @return the position to feed from, 0 to {@code length}: less than asked where the state cannot be rolled back there
     */
    int retain(int slot, int length);

    /**
     * Makes slot {@code to}, which is open and empty, a copy of the first {@code length} positions of slot {@code from}.
     *
     * @return the position to feed slot {@code to} from, 0 to {@code length}
     */
    int fork(int from, int to, int length);

    /**
     * What {@link #retain} and {@link #fork} would return. A {@code length} beyond what the slot holds asks for the time
     * when it has got there.
     *
     * @param length at least 0
     */
    default int reusable(int slot, int length) {
        int held = length(slot);
        return capabilities().rollback() || length == held ? length : 0;
    }

    /**
     * Says that an open slot will not be computed for a while. An engine may move its cache to where the steps of the others
     * do not see it; every other call works on the slot as if it had not.
     */
    default void park(int slot) {
        length(slot);
    }

    /** How many positions of ended sequences are kept at most for later ones that begin alike. */
    default long worthKeeping() {
        return capabilities().cachePositions();
    }

    /**
     * Gives each slot of {@code slots} the cache that {@code sources[i]} had before the call; both name open slots, and
     * {@code slots} has no duplicates. For beam search.
     */
    void reorder(int[] slots, int[] sources);

    /** What of a step is native code, for measurements; empty if the engine does not tell. */
    default Optional<NativeTime> nativeTime() {
        return Optional.empty();
    }

    /** Frees everything. Closing twice is fine. */
    @Override
    void close();
}
