package org.jllm.generation;

import org.jllm.api.LoadOptions;

/**
 * Bounds of a {@link Scheduler}.
 *
 * @param running most requests that are computed together, at least 1; the engine's slots bound it too
 * @param waiting most requests that wait for a place, at least 1
 * @param prefillRows most rows of prompts in a step in which running texts get their next token, at least 1: so long do
 *     they wait for it at most
 * @param guesses most tokens that a step computes on a guess, at least 0; texts and guesses together get one row more than
 *     that, so many texts at once are decoded without
 */
public record SchedulerLimits(int running, int waiting, int prefillRows, int guesses) {
    private static final SchedulerLimits DEFAULTS = new SchedulerLimits(64, 256, 128, LoadOptions.AUTO_PROMPT_LOOKUP);

    public SchedulerLimits {
        if (running < 1 || waiting < 1 || prefillRows < 1) {
            throw new IllegalArgumentException(
                    "limits are at least 1: " + running + ", " + waiting + ", " + prefillRows);
        }
        if (guesses < 0) {
            throw new IllegalArgumentException("guesses are at least 0, not " + guesses);
        }
    }

    public static SchedulerLimits defaults() {
        return DEFAULTS;
    }

    /** These limits, with so many guesses. */
    public SchedulerLimits withGuesses(int most) {
        return new SchedulerLimits(running, waiting, prefillRows, most);
    }
}
