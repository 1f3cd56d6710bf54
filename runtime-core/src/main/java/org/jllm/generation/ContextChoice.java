package org.jllm.generation;

import org.jllm.api.InvalidRequestException;
import org.jllm.machine.Machine;
import org.jspecify.annotations.Nullable;

/** How many positions a sequence may have. */
public final class ContextChoice {
    /** What a model gets that nothing is said of, and at least where memory is short. */
    public static final int LEAST = 2048;

    private ContextChoice() {}

    /**
     * The context that was asked for; else the one that the model was made for, as far as a quarter of the machine's memory
     * holds its cache.
     *
     * @param trained positions that the model was made for; 0: not known
     * @param longest positions that may be asked for; 0: not known
     * @param bytesPerPosition of the cache, at least 0
     * @throws InvalidRequestException if more is asked for than the model can have
     */
    public static int of(@Nullable Integer asked, int trained, int longest, long bytesPerPosition) {
        return of(asked, trained, longest, bytesPerPosition, Machine.memoryBytes());
    }

    static int of(@Nullable Integer asked, int trained, int longest, long bytesPerPosition, long memory) {
        if (asked == null) {
            long affordable = Math.max(LEAST, memory / 4 / Math.max(1, bytesPerPosition));
            return (int) Math.min(trained > 0 ? trained : LEAST, affordable);
        }
        if (longest > 0 && asked > longest) {
            throw new InvalidRequestException(
                    "context " + asked + " is more than the " + longest + " positions that the model was made for");
        }
        return asked;
    }
}
