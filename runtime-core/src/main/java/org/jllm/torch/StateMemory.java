package org.jllm.torch;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jllm.generation.Batch;
import org.jllm.generation.Slots;
import org.jllm.generation.Slots.Span;

/**
 * States of recurrent models: constant in size, and of no use for any position but their own. So some are saved on the way,
 * for later requests that begin alike: every {@link #INTERVAL} positions and at the end of each chunk of a prompt, before
 * its last token, which is fed again for its logits.
 */
final class StateMemory implements SlotMemory {
    static final int INTERVAL = 128;
    /** More would make looking for the cheapest slow, and no request come sooner. */
    private static final int MOST_CELLS = 4_096;

    private final Slots slots;
    private final ScriptCache cache;
    private final StateCells cells;
    private final SavedStates saved;
    private final boolean saves;
    /** The cell of each slot's running state. */
    private final int[] own;

    /** @param room for at least as many cells as there are slots */
    StateMemory(Slots slots, ScriptCache cache, CacheRoom room) {
        this.slots = slots;
        this.cache = cache;
        cells = new StateCells(cache, (int) Math.min(room.units(), MOST_CELLS));
        saved = new SavedStates(cells, room.slots());
        saves = room.units() > 1;
        own = new int[room.slots()];
        Arrays.fill(own, StateCells.NONE);
    }

    @Override
    public long[] prepare(Batch batch, List<Span> spans) {
        for (Span span : spans) {
            saved.use(span.slot());
            if (own[span.slot()] == StateCells.NONE) {
                own[span.slot()] = saved.makeRoom();
                cache.release(own[span.slot()]);
            }
        }
        spans.forEach(span -> positionsToSave(batch, span).forEach(position -> saved.plan(span.slot(), position)));
        // Only now, since what was planned first may have made room for another.
        LongStream.Builder numbers = LongStream.builder();
        spans.forEach(span -> add(span, numbers));
        return numbers.build().toArray();
    }

    /** A span is cut after each position that is saved: cell, first row, number of rows, cell to save to. */
    private void add(Span span, LongStream.Builder numbers) {
        int cell = own[span.slot()];
        int row = span.firstRow();
        for (Map.Entry<Integer, Integer> planned :
                saved.between(span.slot(), span.position(), span.end()).entrySet()) {
            int next = span.firstRow() + planned.getKey() - span.position();
            numbers.add(cell).add(row).add(next - row).add(planned.getValue());
            row = next;
        }
        int end = span.firstRow() + span.rows();
        if (row < end) {
            numbers.add(cell).add(row).add(end - row).add(StateCells.NONE);
        }
    }

    /** In ascending order, each after at least one row of the span. */
    private static IntStream positionsToSave(Batch batch, Span span) {
        boolean wanted = batch.wantsLogits(span.firstRow() + span.rows() - 1);
        int border = span.rows() == 1 ? 0 : wanted ? span.end() - 1 : span.end();
        return IntStream.rangeClosed(span.position() + 1, span.end())
                .filter(position -> position % INTERVAL == 0 || position == border);
    }

    @Override
    public int[] afterFailure(List<Span> spans) {
        spans.forEach(span -> release(span.slot()));
        return new int[spans.size()];
    }

    @Override
    public void release(int slot) {
        dropOwn(slot);
        saved.dropAfter(slot, 0);
    }

    private void dropOwn(int slot) {
        if (own[slot] != StateCells.NONE) {
            cells.drop(own[slot]);
            own[slot] = StateCells.NONE;
        }
    }

    @Override
    public int retain(int slot, int length) {
        if (length == slots.length(slot)) {
            return length;
        }
        Map.Entry<Integer, Integer> best = saved.floor(slot, length);
        if (best == null) {
            release(slot);
            return 0;
        }
        saved.dropAfter(slot, best.getKey());
        cache.copy(best.getValue(), own[slot], 1);
        return best.getKey();
    }

    @Override
    public int fork(int from, int to, int length) {
        int kept = length;
        int source = own[from];
        if (length < slots.length(from)) {
            Map.Entry<Integer, Integer> best = saved.floor(from, length);
            kept = best == null ? 0 : best.getKey();
            source = best == null ? StateCells.NONE : best.getValue();
        }
        if (kept == 0) {
            return 0;
        }
        saved.share(from, kept, to);
        saved.use(to);
        cells.refer(source); // it could make room for the copy else
        own[to] = saved.makeRoom();
        if (own[to] == StateCells.NONE) {
            own[to] = source; // the last one that was saved
        } else {
            cache.copy(source, own[to], 1);
            cells.drop(source);
        }
        return kept;
    }

    @Override
    public int reusable(int slot, int length) {
        int held = slots.length(slot);
        if (length == held) {
            return length;
        }
        int later = length / INTERVAL * INTERVAL;
        if (saves && later > held) {
            return later;
        }
        Map.Entry<Integer, Integer> best = saved.floor(slot, length);
        return best == null ? 0 : best.getKey();
    }

    @Override
    public void reorder(int[] targets, int[] sources) {
        saved.reorder(targets, sources);
        int[] filled = IntStream.range(0, targets.length)
                .filter(i -> own[sources[i]] != StateCells.NONE)
                .toArray();
        int[] from = Arrays.stream(filled).map(i -> own[sources[i]]).toArray();
        for (int i : filled) {
            if (own[targets[i]] == StateCells.NONE) {
                own[targets[i]] = saved.makeRoom();
            }
        }
        cache.exchange(Arrays.stream(filled).map(i -> own[targets[i]]).toArray(), from);
        IntStream.range(0, targets.length)
                .filter(i -> Arrays.binarySearch(filled, i) < 0)
                .forEach(i -> dropOwn(targets[i]));
    }
}
