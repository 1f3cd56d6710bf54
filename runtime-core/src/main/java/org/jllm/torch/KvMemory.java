package org.jllm.torch;

import java.util.List;
import org.jllm.generation.Batch;
import org.jllm.generation.Slots;
import org.jllm.generation.Slots.Span;

/** Keys and values of every position: any number of them can be kept and copied. */
final class KvMemory implements SlotMemory {
    private final Slots slots;
    private final ScriptCache cache;
    private final CacheBudget budget;

    KvMemory(Slots slots, ScriptCache cache, CacheBudget budget) {
        this.slots = slots;
        this.cache = cache;
        this.budget = budget;
    }

    @Override
    public long[] prepare(Batch batch, List<Span> spans) {
        int[] capacities = budget.plan(spans);
        for (int i = 0; i < capacities.length; i++) {
            reserve(spans.get(i).slot(), capacities[i]);
        }
        long[] numbers = new long[4 * spans.size()];
        int next = 0;
        for (Span span : spans) {
            numbers[next++] = span.slot();
            numbers[next++] = span.firstRow();
            numbers[next++] = span.rows();
            numbers[next++] = span.position();
        }
        return numbers;
    }

    private void reserve(int slot, int capacity) {
        if (capacity > budget.capacity(slot)) {
            cache.reserve(slot, slots.length(slot), capacity);
            budget.set(slot, capacity);
        }
    }

    @Override
    public int[] afterFailure(List<Span> spans) {
        return spans.stream().mapToInt(Span::position).toArray();
    }

    @Override
    public void release(int slot) {
        if (budget.capacity(slot) > 0) {
            budget.release(slot);
            cache.release(slot);
        }
    }

    @Override
    public int retain(int slot, int length) {
        return length;
    }

    @Override
    public int fork(int from, int to, int length) {
        if (length > 0) {
            reserve(to, budget.plan(List.of(new Span(to, 0, length, 0)))[0]);
            cache.copy(from, to, length);
        }
        return length;
    }

    @Override
    public int reusable(int slot, int length) {
        return length;
    }

    @Override
    public void reorder(int[] targets, int[] sources) {
        budget.checkReorder(targets, sources);
        cache.exchange(targets, sources);
        budget.reorder(targets, sources);
    }
}
