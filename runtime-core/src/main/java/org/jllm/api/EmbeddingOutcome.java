package org.jllm.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of one text of many: a result, or an error that is its own and nobody else's.
 *
 * @param index of the text, from 0
 * @param result null if it failed
 * @param error null if it did not
 */
public record EmbeddingOutcome<R>(
        long index, @Nullable R result, @Nullable JllmException error) {
    public EmbeddingOutcome {
        if ((result == null) == (error == null)) {
            throw new IllegalArgumentException("either a result or an error");
        }
    }

    /**
     * The result.
     *
     * @throws JllmException if it failed
     */
    public R orThrow() {
        if (error != null) {
            throw error;
        }
        return Objects.requireNonNull(result);
    }
}
