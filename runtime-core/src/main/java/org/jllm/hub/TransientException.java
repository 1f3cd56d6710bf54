package org.jllm.hub;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What may go well when it is tried again. */
final class TransientException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Duration wait;

    /**
     * @param wait how long the server wants to be left alone; null: it does not say
     */
    TransientException(String message, @Nullable Duration wait) {
        super(message);
        this.wait = wait;
    }

    @Nullable
    Duration waitFor() {
        return wait;
    }
}
