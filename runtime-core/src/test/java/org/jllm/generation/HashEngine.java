package org.jllm.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.CapacityException;

/**
 * An engine whose next token is a hash of all that its slot holds, so that any mistake with slots, positions or caches
 * changes the text. It notes what each step computed.
 */
final class HashEngine implements DecoderBackend {
    static final int VOCABULARY = 50;
    static final int END = 0;

    private final Capabilities capabilities;
    private final Slots slots;
    private final Map<Integer, List<Integer>> caches = new HashMap<>();
    /** Rows of each slot in each step. */
    final List<Map<Integer, Integer>> steps = new ArrayList<>();

    RuntimeException failure;
    long worthKeeping;
    /** Where it is not 0, seven of eight tokens are the one that stood so many before. */
    int period;
    /** Positions that retain keeps at most. */
    int mostRetained = Integer.MAX_VALUE;

    private boolean closed;
    /** Positions that a recurrent engine can go back to are multiples of it; 0 if there are none. */
    private final int interval;

    HashEngine(int slotCount, int context, int maxRows, boolean attention, long cachePositions) {
        this(slotCount, context, maxRows, attention, 0, cachePositions);
    }

    HashEngine(int slotCount, int context, int maxRows, boolean attention, int interval, long cachePositions) {
        this.interval = interval;
        capabilities = new Capabilities(
                slotCount, context, maxRows, VOCABULARY, 0, attention, attention, false, cachePositions);
        slots = new Slots(capabilities);
        worthKeeping = cachePositions;
    }

    @Override
    public long worthKeeping() {
        return worthKeeping;
    }

    /** What follows these ids. */
    static int next(List<Integer> ids) {
        return next(ids, 0);
    }

    private static int next(List<Integer> ids, int period) {
        int hash = ids.hashCode();
        hash ^= hash >>> 15;
        hash *= 0x9E3779B1;
        hash ^= hash >>> 13;
        boolean repeats = period > 0 && ids.size() >= period && (hash >>> 20) % 8 != 0;
        return repeats ? ids.get(ids.size() - period) : Math.floorMod(hash, VOCABULARY);
    }

    /** The text that a request gets alone. */
    static String alone(int[] prompt, int most) {
        List<Integer> ids = new ArrayList<>(Arrays.stream(prompt).boxed().toList());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < most; i++) {
            int id = next(ids);
            if (id == END) {
                break;
            }
            ids.add(id);
            text.append(LetterTokenizer.letter(id));
        }
        return text.toString();
    }

    long emptySlots() {
        return caches.values().stream().filter(List::isEmpty).count();
    }

    int openSlots() {
        return caches.size();
    }

    /** Positions of all open slots. */
    long held() {
        return caches.values().stream().mapToLong(List::size).sum();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void open(int slot) {
        slots.open(slot);
        caches.put(slot, new ArrayList<>());
    }

    @Override
    public void close(int slot) {
        slots.close(slot);
        caches.remove(slot);
    }

    @Override
    public int length(int slot) {
        return slots.length(slot);
    }

    @Override
    public Logits step(Batch batch) {
        List<Slots.Span> spans = slots.check(batch);
        if (failure != null) {
            throw failure;
        }
        if (held() + batch.size() > capabilities.cachePositions()) {
            throw new CapacityException("full");
        }
        Map<Integer, Integer> rows = new HashMap<>();
        List<Integer> chosen = new ArrayList<>();
        for (int row = 0; row < batch.size(); row++) {
            List<Integer> cache = caches.get(batch.slot(row));
            cache.add(batch.token(row));
            rows.merge(batch.slot(row), 1, Integer::sum);
            if (batch.wantsLogits(row)) {
                chosen.add(next(cache, period));
            }
        }
        steps.add(rows);
        spans.forEach(span -> slots.setLength(span.slot(), span.end()));
        return new Logits() {
            @Override
            public int rows() {
                return chosen.size();
            }

            @Override
            public void read(int row, float[] into) {
                Arrays.fill(into, 0, VOCABULARY, 0);
                into[chosen.get(row)] = 5;
            }
        };
    }

    @Override
    public int retain(int slot, int length) {
        slots.checkLength(slot, length);
        int kept = Math.min(mostRetained, reusable(slot, length));
        List<Integer> cache = caches.get(slot);
        cache.subList(kept, cache.size()).clear();
        slots.setLength(slot, kept);
        return kept;
    }

    @Override
    public int fork(int from, int to, int length) {
        slots.checkFork(from, to, length);
        int copied = reusable(from, length);
        if (held() + copied > capabilities.cachePositions()) {
            throw new CapacityException("full");
        }
        caches.get(to).addAll(caches.get(from).subList(0, copied));
        slots.setLength(to, copied);
        return copied;
    }

    @Override
    public int reusable(int slot, int length) {
        if (capabilities.rollback() || length == slots.length(slot)) {
            return length;
        }
        return interval == 0 ? 0 : length / interval * interval;
    }

    @Override
    public void reorder(int[] targets, int[] sources) {
        throw new AssertionError("the scheduler searches no beams");
    }

    @Override
    public void close() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }
}
