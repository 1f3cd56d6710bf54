package org.jllm.torch;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** The cells of a cache of states: how many there are, and how many slots and saved states refer to each. */
final class StateCells {
    static final int NONE = -1;

    private final ScriptCache cache;
    private final int most;
    private int[] references = {};
    private final Deque<Integer> free = new ArrayDeque<>();

    /** @param most cells that memory may be taken for, at least 1 */
    StateCells(ScriptCache cache, int most) {
        this.cache = cache;
        this.most = most;
    }

    /** A cell with one reference, of any content; {@link #NONE} if all are in use. */
    int take() {
        if (free.isEmpty() && references.length < most) {
            grow();
        }
        if (free.isEmpty()) {
            return NONE;
        }
        int cell = free.remove();
        references[cell] = 1;
        return cell;
    }

    private void grow() {
        int held = references.length;
        int capacity = Math.min(most, held + Math.max(2, held / 2));
        cache.reserve(0, held, capacity);
        references = Arrays.copyOf(references, capacity);
        for (int cell = held; cell < capacity; cell++) {
            free.add(cell);
        }
    }

    void refer(int cell) {
        references[cell]++;
    }

    void drop(int cell) {
        if (--references[cell] == 0) {
            free.addFirst(cell);
        }
    }
}
