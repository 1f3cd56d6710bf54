package org.jllm.generation;

import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jllm.api.GenerationObserver;
import org.jllm.api.GenerationResult;
import org.jllm.api.GenerationStream;
import org.jllm.api.JllmException;
import org.jllm.api.RunningGeneration;
import org.jllm.api.TextChunk;
import org.jllm.api.UnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Chunks wait here for their reader. There are at most as many as the context has positions, so the queue has no bound
 * of its own.
 */
final class QueuedStream implements GenerationStream, GenerationObserver {
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final RunningGeneration running;
    private @Nullable Event next;

    private sealed interface Event {
        record Chunk(TextChunk chunk) implements Event {}

        record End(GenerationResult result) implements Event {}

        record Failure(JllmException error) implements Event {}
    }

    /** @param start begins the generation for this observer */
    QueuedStream(Function<GenerationObserver, RunningGeneration> start) {
        running = start.apply(this);
    }

    @Override
    public void onChunk(TextChunk chunk) {
        events.add(new Event.Chunk(chunk));
    }

    @Override
    public void onEnd(GenerationResult result) {
        events.add(new Event.End(result));
    }

    @Override
    public void onError(JllmException error) {
        events.add(new Event.Failure(error));
    }

    @Override
    public boolean hasNext() {
        return peek() instanceof Event.Chunk;
    }

    @Override
    public TextChunk next() {
        if (peek() instanceof Event.Chunk event) {
            next = null;
            return event.chunk();
        }
        throw new NoSuchElementException("the text has ended");
    }

    @Override
    public GenerationResult result() {
        while (true) {
            Event event = peek();
            if (event instanceof Event.End end) {
                return end.result();
            }
            next = null;
        }
    }

    private Event peek() {
        Event event = next;
        if (event == null) {
            event = take();
            next = event;
        }
        if (event instanceof Event.Failure failure) {
            throw failure.error();
        }
        return event;
    }

    private Event take() {
        try {
            return events.take();
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while waiting for the text", e);
        }
    }

    @Override
    public int promptTokens() {
        return running.promptTokens();
    }

    @Override
    public void cancel() {
        running.cancel();
    }

    @Override
    public void close() {
        cancel();
    }
}
