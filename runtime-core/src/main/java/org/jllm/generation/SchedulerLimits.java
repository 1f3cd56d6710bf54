package org.jllm.generation;

/**
 * Bounds of a {@link Scheduler}.
 *
 * @param running most requests that are computed together, at least 1; the engine's slots bound it too
 * @param waiting most requests that wait for a place, at least 1
 * @param prefillRows most rows of prompts in a step in which running texts get their next token, at least 1: so long do
 *     they wait for it at most
 */
public record SchedulerLimits(int running, int waiting, int prefillRows) {
    private static final SchedulerLimits DEFAULTS = new SchedulerLimits(64, 256, 128);

    public SchedulerLimits {
        if (running < 1 || waiting < 1 || prefillRows < 1) {
            throw new IllegalArgumentException(
                    "limits are at least 1: " + running + ", " + waiting + ", " + prefillRows);
        }
    }

    public static SchedulerLimits defaults() {
        return DEFAULTS;
    }
}
