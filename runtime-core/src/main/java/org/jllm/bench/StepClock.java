package org.jllm.bench;

import java.util.Arrays;

/**
 * Divides the time of a thread among the parts of its steps. A step goes from where the engine is called to where it is
 * called again, and is counted if both calls are of the kind that is measured. Used on the scheduler's thread; its sums are
 * read when the texts have ended.
 */
final class StepClock {
    private static final int PARTS = StepPart.values().length;

    private final long[] step = new long[PARTS];
    private final long[] sums = new long[PARTS];
    private StepPart part = StepPart.SCHEDULING;
    private long since = System.nanoTime();
    private boolean measured;
    private long steps;

    /** From now on it is another part's time. */
    void enter(StepPart next) {
        long now = System.nanoTime();
        step[part.ordinal()] += now - since;
        since = now;
        part = next;
    }

    /** The engine is called. */
    void begin(boolean wanted) {
        enter(StepPart.CALL);
        if (measured && wanted) {
            for (int i = 0; i < PARTS; i++) {
                sums[i] += step[i];
            }
            steps++;
        }
        Arrays.fill(step, 0);
        measured = wanted;
    }

    /** The engine has come back, and was so long in native code. */
    void end(long nativeNanos) {
        enter(StepPart.SCHEDULING);
        step[StepPart.NATIVE.ordinal()] += nativeNanos;
        step[StepPart.CALL.ordinal()] -= nativeNanos;
    }

    long steps() {
        return steps;
    }

    /** Nanoseconds of a part in all counted steps. */
    long nanos(StepPart wanted) {
        return sums[wanted.ordinal()];
    }
}
