package org.jllm.generation;

import java.util.concurrent.atomic.LongAdder;
import org.jllm.api.ModelStatistics;

/** What a scheduler has done and is doing. Safe for use by several threads. */
final class SchedulerCounters {
    private final LongAdder requests = new LongAdder();
    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder reusedTokens = new LongAdder();
    private final LongAdder generatedTokens = new LongAdder();
    private final LongAdder guessedTokens = new LongAdder();
    private final LongAdder acceptedTokens = new LongAdder();
    private final LongAdder prefixHits = new LongAdder();
    private final LongAdder preemptions = new LongAdder();
    private volatile Now now = new Now(0, 0);

    private record Now(int running, long cachePositions) {}

    void submitted(Sequence sequence) {
        requests.increment();
        promptTokens.add(sequence.promptTokens);
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

    void guessed(int tokens, int accepted) {
        guessedTokens.add(tokens);
        acceptedTokens.add(accepted);
    }

    void preempted() {
        preemptions.increment();
    }

    /** A request ends, which its caller may learn before the step is over: until then so many go on. */
    void left(int running) {
        now = new Now(running, now.cachePositions());
    }

    void now(int running, long cachePositions) {
        now = new Now(running, cachePositions);
    }

    ModelStatistics statistics(int waiting, long cacheCapacity) {
        Now current = now;
        return new ModelStatistics(
                current.running(),
                waiting,
                requests.sum(),
                promptTokens.sum(),
                reusedTokens.sum(),
                generatedTokens.sum(),
                guessedTokens.sum(),
                acceptedTokens.sum(),
                prefixHits.sum(),
                preemptions.sum(),
                current.cachePositions(),
                cacheCapacity);
    }
}
