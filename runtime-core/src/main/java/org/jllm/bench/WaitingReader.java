package org.jllm.bench;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jllm.api.GenerationObserver;
import org.jllm.api.GenerationResult;
import org.jllm.api.JllmException;
import org.jllm.api.TextChunk;

/** Takes the chunks of a text on a thread of its own, as the thread of a request does, and tells a clock what handing over takes. */
final class WaitingReader implements GenerationObserver {
    private static final Object END = new Object();

    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<GenerationResult> result = new CompletableFuture<>();
    private final StepClock clock;

    WaitingReader(StepClock clock) {
        this.clock = clock;
    }

    /** Begins to wait, for a text that has begun. */
    void start() {
        Thread thread = new Thread(this::read, "jllm-reader");
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try {
            while (events.take() != END) {
                // A chunk needs nothing more.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onChunk(TextChunk chunk) {
        clock.enter(StepPart.DELIVERY);
        events.add(chunk);
        clock.enter(StepPart.SCHEDULING);
    }

    @Override
    public void onEnd(GenerationResult ended) {
        events.add(END);
        result.complete(ended);
    }

    @Override
    public void onError(JllmException error) {
        events.add(END);
        result.completeExceptionally(error);
    }

    /** The text's end. */
    CompletableFuture<GenerationResult> result() {
        return result;
    }
}
