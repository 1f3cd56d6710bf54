package org.jllm.gguf;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jllm.api.CapacityException;

/**
 * Runs native code that recurses with the length of its input: llama.cpp splits texts with {@code std::regex} for some
 * vocabularies, which would overflow an ordinary stack and end the process.
 */
final class BigStack {
    /** What any thread has room for. */
    private static final int SHORT = 256;

    private static final long STACK_BYTES_PER_BYTE = 2048;
    private static final long BASE = 1 << 20;

    private BigStack() {}

    /**
     * Runs a task.
     *
     * @param length bytes of its input
     * @throws CapacityException if there is no room for such a stack
     */
    static <T> T call(int length, Supplier<T> task) {
        if (length <= SHORT) {
            return task.get();
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        result.complete(task.get());
                    } catch (RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                },
                "jllm-tokenize",
                BASE + length * STACK_BYTES_PER_BYTE);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            throw new CapacityException("a text of " + length + " bytes is too long to be tokenized at once", e);
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
