package org.jllm.torch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The states of each slot that were saved on the way, by position. They take the cells that running states leave; where
 * those are too few, the slot that has most of them gives up the one whose absence costs the fewest positions. Slots that
 * were copied from one another share cells.
 */
final class SavedStates {
    private final StateCells cells;
    private final long[] lastUse;
    private long uses;
    private final List<NavigableMap<Integer, Integer>> states = new ArrayList<>();

    SavedStates(StateCells cells, int slots) {
        this.cells = cells;
        lastUse = new long[slots];
        for (int slot = 0; slot < slots; slot++) {
            states.add(new TreeMap<>());
        }
    }

    /** Notes that a slot is in use: of slots with as many states, the one that was used longest ago gives up first. */
    void use(int slot) {
        lastUse[slot] = ++uses;
    }

    /** Finds a cell for the state at a position, unless there is no memory and others are worth more. */
    void plan(int slot, int position) {
        int cell = cells.take();
        while (cell == StateCells.NONE) {
            int giver = slotWithMost();
            if (states.get(giver).size() > states.get(slot).size()) {
                drop(giver, cheapest(giver));
            } else if (states.get(slot).isEmpty() || gap(slot, position) <= gap(slot, cheapest(slot))) {
                return;
            } else {
                drop(slot, cheapest(slot));
            }
            cell = cells.take();
        }
        states.get(slot).put(position, cell);
    }

    /** A cell, for which states make room; {@link StateCells#NONE} if none is left. */
    int makeRoom() {
        int cell = cells.take();
        while (cell == StateCells.NONE && !states.get(slotWithMost()).isEmpty()) {
            drop(slotWithMost(), cheapest(slotWithMost()));
            cell = cells.take();
        }
        return cell;
    }

    private int slotWithMost() {
        return IntStream.range(0, lastUse.length)
                .boxed()
                .max(Comparator.<Integer>comparingInt(slot -> states.get(slot).size())
                        .thenComparing(slot -> lastUse[slot], Comparator.reverseOrder()))
                .orElseThrow();
    }

    /** Positions to compute again where the state at {@code position} is not there. */
    private int gap(int slot, int position) {
        Integer before = states.get(slot).lowerKey(position);
        return before == null ? position : position - before;
    }

    private int cheapest(int slot) {
        return states.get(slot).keySet().stream()
                .min(Comparator.comparingInt(position -> gap(slot, position)))
                .orElseThrow();
    }

    private void drop(int slot, int position) {
        Integer cell = states.get(slot).remove(position);
        if (cell != null) {
            cells.drop(cell);
        }
    }

    /** The last state at a position or before. */
    Map.@Nullable Entry<Integer, Integer> floor(int slot, int position) {
        return states.get(slot).floorEntry(position);
    }

    /** Cells by position, from {@code after} on without it, up to and with {@code last}. */
    SortedMap<Integer, Integer> between(int slot, int after, int last) {
        return states.get(slot).subMap(after, false, last, true);
    }

    /** Forgets the states after a position. */
    void dropAfter(int slot, int position) {
        NavigableMap<Integer, Integer> dropped = states.get(slot).tailMap(position, false);
        dropped.values().forEach(cells::drop);
        dropped.clear();
    }

    /** Gives a slot without states those that another one has up to a position. */
    void share(int from, int last, int to) {
        states.get(from).headMap(last, true).forEach((position, cell) -> {
            cells.refer(cell);
            states.get(to).put(position, cell);
        });
    }

    /** Gives each of {@code targets} the states that {@code sources[i]} had. */
    void reorder(int[] targets, int[] sources) {
        List<Map<Integer, Integer>> given = new ArrayList<>();
        for (int source : sources) {
            given.add(new TreeMap<>(states.get(source)));
            states.get(source).values().forEach(cells::refer);
        }
        for (int i = 0; i < targets.length; i++) {
            dropAfter(targets[i], 0);
            states.get(targets[i]).putAll(given.get(i));
        }
    }
}
