package org.jllm.torch;

import java.util.List;
import org.jllm.generation.Batch;
import org.jllm.generation.Slots.Span;

/**
 * What the open slots of a decoder remember: the script's cache and what it may take of memory. Arguments have been
 * checked by {@link org.jllm.generation.Slots}, which knows how many positions each slot holds; the decoder tells it of
 * changes after the call.
 */
interface SlotMemory {
    /**
     * Makes room for a step.
     *
     * @return the spans as the script's step takes them, four numbers each
     * @throws org.jllm.api.CapacityException if there is none; nothing has changed then
     */
    long[] prepare(Batch batch, List<Span> spans);

    /** Makes the slots of a step that failed usable again: gives how many positions the slot of each span holds now. */
    int[] afterFailure(List<Span> spans);

    /** Forgets a slot. */
    void release(int slot);

    /** Keeps the first {@code length} positions, or fewer: returns how many. */
    int retain(int slot, int length);

    /**
     * Copies the first {@code length} positions, or fewer, into an empty slot: returns how many.
     *
     * @throws org.jllm.api.CapacityException if there is no room; nothing has changed then
     */
    int fork(int from, int to, int length);

    /** How many of the first {@code length} positions can be kept or copied, or could if the slot had got there. */
    int reusable(int slot, int length);

    /** Gives each slot of {@code targets} what {@code sources[i]} had. */
    void reorder(int[] targets, int[] sources);
}
