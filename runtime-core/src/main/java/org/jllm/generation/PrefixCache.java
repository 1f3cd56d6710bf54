package org.jllm.generation;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntBinaryOperator;

/**
 * Slots whose request has ended and whose cache is kept for one that begins alike, the one that was used longest ago first.
 * It holds no memory of its own: slots and their positions are given back when a running request needs them.
 */
final class PrefixCache {
    private final Map<Integer, int[]> ids = new LinkedHashMap<>();
    private long positions;

    /** A kept slot that begins like a sequence, and how many of the common positions can be used: all that it holds? */
    record Match(int slot, int common, boolean whole) {}

    void put(int slot, int[] content) {
        ids.put(slot, content);
        positions += content.length;
    }

    void remove(int slot) {
        int[] content = ids.remove(slot);
        if (content != null) {
            positions -= content.length;
        }
    }

    /** Makes a kept slot the one that was used last. */
    void touch(int slot) {
        int[] content = ids.remove(slot);
        if (content != null) {
            ids.put(slot, content);
        }
    }

    /** Takes out the slot that was used longest ago. */
    Optional<Integer> removeOldest() {
        Iterator<Integer> slots = ids.keySet().iterator();
        if (!slots.hasNext()) {
            return Optional.empty();
        }
        int slot = slots.next();
        remove(slot);
        return Optional.of(slot);
    }

    int size() {
        return ids.size();
    }

    /** Positions that the kept slots hold. */
    long positions() {
        return positions;
    }

    /**
     * The slot of which most can be used.
     *
     * @param reusable how many of so many first positions of a slot can be used
     */
    Optional<Match> best(Sequence sequence, IntBinaryOperator reusable) {
        Match best = null;
        for (Map.Entry<Integer, int[]> entry : ids.entrySet()) {
            int[] content = entry.getValue();
            int common = sequence.common(content, sequence.size() - 1);
            int used = common == 0 ? 0 : reusable.applyAsInt(entry.getKey(), common);
            if (used > 0 && (best == null || used >= best.common())) {
                best = new Match(entry.getKey(), used, used == content.length);
            }
        }
        return Optional.ofNullable(best);
    }
}
