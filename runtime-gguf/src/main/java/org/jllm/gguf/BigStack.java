package org.jllm.gguf;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Runs native code that recurses with the length of its input: llama.cpp splits texts with {@code std::regex} for some
 * vocabularies, which would overflow an ordinary stack and end the process.
 */
final class BigStack {
    /** What any thread has room for. */
    private static final int SHORT = 512;

    private static final long STACK_BYTES_PER_BYTE = 2048;
    private static final long BASE = 1 << 20;

    private BigStack() {}

    /**
     * Runs a task.
     *
     * @param length bytes of its input
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
        thread.start();
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
