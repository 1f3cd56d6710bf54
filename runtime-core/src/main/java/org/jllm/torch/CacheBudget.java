package org.jllm.torch;

import java.util.Arrays;
import java.util.List;
import org.jllm.api.CapacityException;
import org.jllm.generation.Slots.Span;

/**
 * How many positions each slot has memory for. A slot grows by need, in steps that make the copies few, while all slots
 * together stay within a budget.
 */
final class CacheBudget {
    private static final int STEP = 64;

    private final long budgetPositions;
    private final int contextLength;
    private final int[] capacities;
    private long total;

    CacheBudget(int slots, int contextLength, long budgetPositions) {
        this.budgetPositions = budgetPositions;
        this.contextLength = contextLength;
        capacities = new int[slots];
    }

    int capacity(int slot) {
        return capacities[slot];
    }

    /** Positions of all slots. */
    long total() {
        return total;
    }

    void release(int slot) {
        total -= capacities[slot];
        capacities[slot] = 0;
    }

    void set(int slot, int capacity) {
        total += capacity - capacities[slot];
        capacities[slot] = capacity;
    }

    /** Hands the capacities of {@code sources} to {@code slots}, as a reordering does. */
    void reorder(int[] slots, int[] sources) {
        int[] old = capacities.clone();
        for (int i = 0; i < slots.length; i++) {
            set(slots[i], old[sources[i]]);
        }
    }

    /** The budget that a reordering would take, in positions. */
    void checkReorder(int[] slots, int[] sources) {
        long after = total
                + Arrays.stream(sources).mapToLong(source -> capacities[source]).sum()
                - Arrays.stream(slots).mapToLong(slot -> capacities[slot]).sum();
        checkTotal(after);
    }

    /**
     * The capacities that the slots of a batch need, in the order of the spans: with room to grow where the budget has
     * it, else just enough.
     *
     * @throws CapacityException if even that is too much
     */
    int[] plan(List<Span> spans) {
        int[] generous = new int[spans.size()];
        int[] exact = new int[spans.size()];
        long generousTotal = total;
        long exactTotal = total;
        for (int i = 0; i < exact.length; i++) {
            Span span = spans.get(i);
            int held = capacities[span.slot()];
            exact[i] = Math.max(held, span.end());
            generous[i] = span.end() <= held ? held : grown(held, span.end());
            exactTotal += exact[i] - held;
            generousTotal += generous[i] - held;
        }
        if (generousTotal <= budgetPositions) {
            return generous;
        }
        checkTotal(exactTotal);
        return exact;
    }

    private int grown(int held, int needed) {
        long wanted = Math.max(needed, held + held / 2L);
        return (int) Math.min((wanted + STEP - 1) / STEP * STEP, contextLength);
    }

    private void checkTotal(long positions) {
        if (positions > budgetPositions) {
            throw new CapacityException(
                    "the caches of all sequences are full: they would need " + positions + " positions and may have "
                            + budgetPositions + "; allow more with cache_bytes, or use a shorter context");
        }
    }
}
