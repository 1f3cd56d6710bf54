package org.jllm.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jllm.generation.Batch;
import org.jllm.generation.Slots;
import org.jllm.generation.Slots.Span;

/**
 * States of recurrent models: constant in size, and of no use for any position but their own. So some are saved on the way,
 * for later requests that begin alike: every {@link #INTERVAL} positions and at the end of each chunk of a prompt, before
 * its last token, which is fed again for its logits. Saved states take what the running ones leave of the memory; where
 * that is too little, the slot that has most of them gives up the one whose absence costs the fewest positions.
 */
final class StateMemory implements SlotMemory {
    static final int INTERVAL = 128;
    /** More would make looking for the cheapest slow, and no request come sooner. */
    private static final int MOST_CELLS = 4_096;

    private final Slots slots;
    private final ScriptCache cache;
    private final StateCells cells;
    private final boolean spare;
    private final int[] own;
    private final long[] lastUse;
    private long uses;
    /** Of each slot the saved states: cells by position. */
    private final List<NavigableMap<Integer, Integer>> saved = new ArrayList<>();

    /** @param room for at least as many cells as there are slots */
    StateMemory(Slots slots, ScriptCache cache, CacheRoom room) {
        this.slots = slots;
        this.cache = cache;
        cells = new StateCells(cache, (int) Math.min(room.units(), MOST_CELLS));
        spare = room.units() > 1;
        own = new int[room.slots()];
        Arrays.fill(own, StateCells.NONE);
        lastUse = new long[room.slots()];
        for (int slot = 0; slot < room.slots(); slot++) {
            saved.add(new TreeMap<>());
        }
    }

    @Override
    public long[] prepare(Batch batch, List<Span> spans) {
        for (Span span : spans) {
            lastUse[span.slot()] = ++uses;
            if (own[span.slot()] == StateCells.NONE) {
                own[span.slot()] = takeOwn();
                cache.release(own[span.slot()]);
            }
        }
        for (Span span : spans) {
            for (int position : positionsToSave(batch, span)) {
                takeForSaved(span.slot(), position);
            }
        }
        LongStream.Builder numbers = LongStream.builder();
        for (Span span : spans) {
            int cell = own[span.slot()];
            int row = span.firstRow();
            // What was planned to be saved may have made room for another.
            for (Map.Entry<Integer, Integer> planned : saved.get(span.slot())
                    .subMap(span.position(), false, span.end(), true)
                    .entrySet()) {
                int next = span.firstRow() + planned.getKey() - span.position();
                numbers.add(cell).add(row).add(next - row).add(planned.getValue());
                row = next;
            }
            int end = span.firstRow() + span.rows();
            if (row < end) {
                numbers.add(cell).add(row).add(end - row).add(StateCells.NONE);
            }
        }
        return numbers.build().toArray();
    }

    /** Positions in ascending order, each after at least one row of the span. */
    private static int[] positionsToSave(Batch batch, Span span) {
        boolean wanted = batch.wantsLogits(span.firstRow() + span.rows() - 1);
        int border = span.rows() == 1 ? 0 : wanted ? span.end() - 1 : span.end();
        return IntStream.rangeClosed(span.position() + 1, span.end())
                .filter(position -> position % INTERVAL == 0 || position == border)
                .toArray();
    }

    /** A cell for a running state, for which saved ones make room; {@link StateCells#NONE} if none is left. */
    private int takeOwn() {
        int cell = cells.take();
        while (cell == StateCells.NONE && !saved.get(slotWithMost()).isEmpty()) {
            dropOneOf(slotWithMost());
            cell = cells.take();
        }
        return cell;
    }

    /** Plans to save a state, unless there is no memory and others are worth more. */
    private void takeForSaved(int slot, int position) {
        int cell = cells.take();
        while (cell == StateCells.NONE) {
            int giver = slotWithMost();
            if (saved.get(giver).size() > saved.get(slot).size()) {
                dropOneOf(giver);
            } else if (saved.get(slot).isEmpty() || gap(slot, position) <= gap(slot, cheapest(slot))) {
                return;
            } else {
                dropOneOf(slot);
            }
            cell = cells.take();
        }
        saved.get(slot).put(position, cell);
    }

    /** Of those that have most saved states, the slot that was used longest ago. */
    private int slotWithMost() {
        return IntStream.range(0, own.length)
                .boxed()
                .max(Comparator.<Integer>comparingInt(slot -> saved.get(slot).size())
                        .thenComparing(slot -> lastUse[slot], Comparator.reverseOrder()))
                .orElseThrow();
    }

    /** Positions to compute again where the state at {@code position} is not there. */
    private int gap(int slot, int position) {
        Integer before = saved.get(slot).lowerKey(position);
        return before == null ? position : position - before;
    }

    private int cheapest(int slot) {
        return saved.get(slot).keySet().stream()
                .min(Comparator.comparingInt(position -> gap(slot, position)))
                .orElseThrow();
    }

    private void dropOneOf(int slot) {
        Integer cell = saved.get(slot).remove(cheapest(slot));
        if (cell != null) {
            cells.drop(cell);
        }
    }

    @Override
    public int[] afterFailure(List<Span> spans) {
        spans.forEach(span -> release(span.slot()));
        return new int[spans.size()];
    }

    @Override
    public void release(int slot) {
        dropOwn(slot);
        dropSaved(slot, 0);
    }

    private void dropOwn(int slot) {
        if (own[slot] != StateCells.NONE) {
            cells.drop(own[slot]);
            own[slot] = StateCells.NONE;
        }
    }

    private void dropSaved(int slot, int after) {
        NavigableMap<Integer, Integer> dropped = saved.get(slot).tailMap(after, false);
        dropped.values().forEach(cells::drop);
        dropped.clear();
    }

    @Override
    public int retain(int slot, int length) {
        if (length == slots.length(slot)) {
            return length;
        }
        Map.Entry<Integer, Integer> best = saved.get(slot).floorEntry(length);
        if (best == null) {
            release(slot);
            return 0;
        }
        dropSaved(slot, best.getKey());
        cache.copy(best.getValue(), own[slot], 1);
        return best.getKey();
    }

    @Override
    public int fork(int from, int to, int length) {
        int kept = reusable(from, length);
        if (kept == 0) {
            return 0;
        }
        int source = kept == slots.length(from) ? own[from] : cell(from, kept);
        share(saved.get(from).headMap(kept, true), to);
        cells.refer(source); // it could make room for the copy else
        own[to] = takeOwn();
        if (own[to] == StateCells.NONE) {
            own[to] = source; // the last one that was saved
        } else {
            cache.copy(source, own[to], 1);
            cells.drop(source);
        }
        lastUse[to] = ++uses;
        return kept;
    }

    private int cell(int slot, int position) {
        Integer cell = saved.get(slot).get(position);
        if (cell == null) {
            throw new IllegalStateException("no state was saved at position " + position);
        }
        return cell;
    }

    private void share(Map<Integer, Integer> states, int with) {
        states.values().forEach(cells::refer);
        saved.get(with).putAll(states);
    }

    @Override
    public int reusable(int slot, int length) {
        int held = slots.length(slot);
        if (length == held) {
            return length;
        }
        Integer floor = saved.get(slot).floorKey(length);
        int now = floor == null ? 0 : floor;
        int later = length / INTERVAL * INTERVAL;
        return spare && later > held ? later : now;
    }

    @Override
    public void reorder(int[] targets, int[] sources) {
        List<Map<Integer, Integer>> states = new ArrayList<>();
        for (int source : sources) {
            states.add(new TreeMap<>(saved.get(source)));
        }
        states.forEach(map -> map.values().forEach(cells::refer));
        int[] filled = IntStream.range(0, targets.length)
                .filter(i -> own[sources[i]] != StateCells.NONE)
                .toArray();
        int[] from = Arrays.stream(filled).map(i -> own[sources[i]]).toArray();
        for (int i = 0; i < targets.length; i++) {
            dropSaved(targets[i], 0);
            saved.get(targets[i]).putAll(states.get(i));
        }
        for (int i : filled) {
            if (own[targets[i]] == StateCells.NONE) {
                own[targets[i]] = takeOwn();
            }
        }
        cache.exchange(Arrays.stream(filled).map(i -> own[targets[i]]).toArray(), from);
        IntStream.range(0, targets.length)
                .filter(i -> Arrays.binarySearch(filled, i) < 0)
                .forEach(i -> dropOwn(targets[i]));
    }

    /** Cells that hold running and saved states. */
    int cellsInUse() {
        return cells.inUse();
    }
}
