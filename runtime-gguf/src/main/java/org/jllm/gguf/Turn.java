package org.jllm.gguf;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Sees to it that calls on a native object do not overlap and end with its closing; what does not fit is refused. */
final class Turn {
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean closed;

    /** Runs an action alone. */
    <T> T take(Supplier<T> action) {
        begin();
        try {
            if (closed) {
                throw new IllegalStateException("the model is closed");
            }
            return action.get();
        } finally {
            busy.set(false);
        }
    }

    /** Runs the last action; nothing if it ran already. */
    void end(Runnable action) {
        begin();
        try {
            if (!closed) {
                closed = true;
                action.run();
            }
        } finally {
            busy.set(false);
        }
    }

    private void begin() {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("another thread is using the model: its calls must not overlap");
        }
    }
}
