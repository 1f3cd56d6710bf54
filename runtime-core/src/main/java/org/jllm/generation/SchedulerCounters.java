package org.jllm.generation;

import java.util.concurrent.atomic.LongAdder;
import org.jllm.api.ModelStatistics;

/** What a scheduler has done and is doing. Safe for use by several threads. */
final class SchedulerCounters {
    private final LongAdder requests = new LongAdder();
    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder reusedTokens = new LongAdder();
    private final LongAdder generatedTokens = new LongAdder();
    private final LongAdder prefixHits = new LongAdder();
    private final LongAdder preemptions = new LongAdder();
    private volatile Now now = new Now(0, 0, 0);

    private record Now(int running, int waiting, long cachePositions) {}

    void submitted(Sequence sequence) {
        requests.increment();
        promptTokens.add(sequence.promptTokens);
        Now before = now;
        now = new Now(before.running(), before.waiting() + 1, before.cachePositions());
    }

    /** A sequence has its slot; what it found there counts once, also if it is put back and comes again. */
    void admitted(Sequence sequence) {
        if (!sequence.preempted && sequence.fed > 0) {
            sequence.reused = sequence.fed;
            reusedTokens.add(sequence.fed);
            prefixHits.increment();
        }
    }

    void generated() {
        generatedTokens.increment();
    }

    void preempted() {
        preemptions.increment();
    }

    void now(int running, int waiting, long cachePositions) {
        now = new Now(running, waiting, cachePositions);
    }

    ModelStatistics statistics(long cacheCapacity) {
        Now current = now;
        return new ModelStatistics(
                current.running(),
                current.waiting(),
                requests.sum(),
                promptTokens.sum(),
                reusedTokens.sum(),
                generatedTokens.sum(),
                prefixHits.sum(),
                preemptions.sum(),
                current.cachePositions(),
                cacheCapacity);
    }
}
