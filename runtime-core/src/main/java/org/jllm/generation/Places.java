package org.jllm.generation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jllm.api.CapacityException;
import org.jllm.api.PromptScoring;

/**
 * The slots of an engine: handed to running sequences with as much of their beginning as another slot holds, kept for
 * the next ones when they end. Not safe for use by several threads.
 */
final class Places {
    /** Fewer common tokens are not worth a copy: nearly every prompt begins with BOS. */
    private static final int LEAST_COPY = 8;
    /** Positions that a running sequence is expected to grow by, so that a new one does not push it out at once. */
    private static final int GROWTH = 32;

    private final DecoderBackend backend;
    private final Capabilities capabilities;
    private final PrefixCache kept = new PrefixCache();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final int most;

    /** @param most sequences that may run at the same time; the other slots hold what is kept */
    Places(DecoderBackend backend, int most) {
        this.backend = backend;
        this.most = most;
        capabilities = backend.capabilities();
        for (int slot = 0; slot < capabilities.slots(); slot++) {
            free.add(slot);
        }
    }

    int most() {
        return most;
    }

    long keptPositions() {
        return kept.positions();
    }

    /** Whether the caches have room for a sequence beside the running ones. */
    boolean fits(Sequence sequence, List<Sequence> running) {
        long needed = sequence.size() + GROWTH;
        for (Sequence other : running) {
            needed += other.size() + GROWTH;
        }
        return running.isEmpty() || needed <= capabilities.cachePositions();
    }

    /** False for a sequence that begins like one that is just being prefilled, whose work it can share a little later. */
    boolean ready(Sequence sequence, List<Sequence> running) {
        if (!reuses(sequence) || running.stream().noneMatch(Sequence::prefilling)) {
            return true;
        }
        int reusable = kept.best(sequence, backend::reusable)
                .map(PrefixCache.Match::common)
                .orElse(0);
        return running.stream().filter(Sequence::prefilling).noneMatch(other -> {
            int common = sequence.common(other, sequence.size() - 1);
            int now = backend.reusable(other.slot, Math.min(common, other.fed));
            return backend.reusable(other.slot, common) >= Math.max(reusable, now) + LEAST_COPY;
        });
    }

    /** Gives a sequence a slot, and sets how many of its tokens are in its cache already. */
    void take(Sequence sequence, List<Sequence> running) {
        Optional<PrefixCache.Match> match =
                reuses(sequence) ? kept.best(sequence, backend::reusable) : Optional.empty();
        int found = match.map(PrefixCache.Match::common).orElse(0);
        Optional<Sequence> origin = reuses(sequence) ? origin(sequence, running, found) : Optional.empty();
        if (origin.isPresent()) {
            copy(origin.get().slot, usable(sequence, origin.get()), sequence);
        } else if (match.isPresent() && match.get().whole()) {
            takeOver(match.get(), sequence);
        } else if (match.isPresent() && found >= LEAST_COPY && !free.isEmpty()) {
            copy(match.get().slot(), found, sequence);
        } else if (match.isPresent() && found >= LEAST_COPY) {
            takeOver(match.get(), sequence);
        } else {
            open(sequence);
        }
    }

    /** A sequence whose prompt is scored needs the logits of all its positions. */
    private static boolean reuses(Sequence sequence) {
        return sequence.request.promptScoring() == PromptScoring.NONE;
    }

    /** The running sequence of whose cache more than {@code found} positions can be used. */
    private Optional<Sequence> origin(Sequence sequence, List<Sequence> running, int found) {
        Sequence best = null;
        int longest = Math.max(found, LEAST_COPY - 1);
        for (Sequence other : running) {
            int usable = other == sequence ? 0 : usable(sequence, other);
            if (usable > longest) {
                longest = usable;
                best = other;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Positions of a running sequence's cache that another one can begin with. */
    private int usable(Sequence sequence, Sequence other) {
        int common = sequence.common(other, Math.min(other.fed, sequence.size() - 1));
        return common == 0 ? 0 : backend.reusable(other.slot, common);
    }

    private void takeOver(PrefixCache.Match match, Sequence sequence) {
        kept.remove(match.slot());
        sequence.slot = match.slot();
        sequence.fed = backend.retain(match.slot(), match.common());
    }

    private void copy(int from, int length, Sequence sequence) {
        // A kept slot that is evicted now may be the origin itself.
        kept.touch(from);
        open(sequence);
        try {
            sequence.fed = backend.fork(from, sequence.slot, length);
        } catch (CapacityException e) {
            sequence.fed = 0; // computed again instead
        }
    }

    private void open(Sequence sequence) {
        if (free.isEmpty()) {
            evict();
        }
        sequence.slot = free.remove();
        sequence.fed = 0;
        backend.open(sequence.slot);
    }

    /**
     * Takes out of a sequence's cache what comes after the tokens that it has fed: guesses that were wrong. False if more
     * had to go than that, which is to be fed again.
     */
    boolean trim(Sequence sequence) {
        int fed = sequence.fed;
        if (backend.length(sequence.slot) > fed) {
            sequence.fed = backend.retain(sequence.slot, fed);
        }
        return sequence.fed == fed;
    }

    /** Gives the cache of an ended sequence to those that come later. */
    void keep(Sequence sequence) {
        if (sequence.slot == Sequence.NO_SLOT) {
            return;
        }
        trim(sequence);
        if (sequence.fed < LEAST_COPY || backend.length(sequence.slot) != sequence.fed) {
            drop(sequence);
            return;
        }
        kept.put(sequence.slot, sequence.ids(sequence.fed));
        backend.park(sequence.slot);
        sequence.slot = Sequence.NO_SLOT;
        while (kept.size() > 1 && kept.positions() > backend.worthKeeping()) {
            evict();
        }
    }

    /** Closes the slot of a sequence. */
    void drop(Sequence sequence) {
        if (sequence.slot != Sequence.NO_SLOT) {
            backend.close(sequence.slot);
            free.add(sequence.slot);
            sequence.slot = Sequence.NO_SLOT;
            sequence.fed = 0;
        }
    }

    /** Frees the kept slot that was used longest ago; false if none is kept. */
    boolean evict() {
        Optional<Integer> oldest = kept.removeOldest();
        oldest.ifPresent(slot -> {
            backend.close(slot);
            free.add(slot);
        });
        return oldest.isPresent();
    }
}
