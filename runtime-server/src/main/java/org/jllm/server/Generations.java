package org.jllm.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jllm.api.GenerationObserver;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationResult;
import org.jllm.api.JllmException;
import org.jllm.api.LanguageModel;
import org.jllm.api.RunningGeneration;
import org.jllm.api.TextChunk;
import org.jllm.api.UnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * The generations of one request, whose events one thread takes from one queue. The queue needs no bound: a generation ends
 * after as many tokens as the context has positions.
 */
final class Generations implements AutoCloseable {
    /** What one generation did. */
    sealed interface Event {
        /** The place of its request in the list. */
        int choice();
    }

    record Chunk(int choice, TextChunk chunk) implements Event {}

    record End(int choice, GenerationResult result) implements Event {}

    record Failure(int choice, JllmException error) implements Event {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<RunningGeneration> running = new ArrayList<>();
    private final String model;
    private final GenerationMeter meter;
    private int open;

    private Generations(String model, GenerationMeter meter) {
        this.model = model;
        this.meter = meter;
    }

    /** Starts all of them, or none if one cannot be started. */
    static Generations start(
            String name, LanguageModel model, List<GenerationRequest> requests, GenerationMeter meter) {
        Generations generations = new Generations(name, meter);
        try {
            for (GenerationRequest request : requests) {
                generations.running.add(model.start(request, generations.new Observer(generations.open)));
                generations.open++;
            }
        } catch (RuntimeException | Error e) {
            generations.close();
            throw e;
        }
        return generations;
    }

    int size() {
        return running.size();
    }

    /** Whether events will still come. */
    boolean isOpen() {
        return open > 0;
    }

    /**
     * The next event, or null if none came in time.
     *
     * @throws UnavailableException if the thread was interrupted
     */
    @Nullable
    Event poll(Duration time) {
        try {
            Event event = events.poll(time.toNanos(), TimeUnit.NANOSECONDS);
            if (event instanceof End || event instanceof Failure) {
                open--;
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("the server is being stopped: try again later", e);
        }
    }

    @Override
    public void close() {
        running.forEach(RunningGeneration::cancel);
    }

    private final class Observer implements GenerationObserver {
        private final int choice;

        Observer(int choice) {
            this.choice = choice;
        }

        @Override
        public void onChunk(TextChunk chunk) {
            events.add(new Chunk(choice, chunk));
        }

        @Override
        public void onEnd(GenerationResult result) {
            // Counted before it is told, so that who has read an answer finds it in the metrics.
            meter.finished(model, result);
            events.add(new End(choice, result));
        }

        @Override
        public void onError(JllmException error) {
            meter.failed(model);
            events.add(new Failure(choice, error));
        }
    }
}
