package org.jllm.encoding;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.UnavailableException;

/**
 * An encoder that many callers use at once: their texts go into common batches, cut by tokens, and each gets its results
 * in its own order. Safe for use by several threads; a call waits until its results are there.
 */
public final class SharedEncoder implements AutoCloseable {
    private final EncoderBackend backend;
    private final EncodingQueue queue;
    private final Thread thread;

    /** Takes over the engine: closing this closes it. */
    public SharedEncoder(String name, EncoderBackend backend) {
        this.backend = backend;
        queue = new EncodingQueue(backend.capabilities().maxBatchTokens());
        thread = new Thread(this::work, "jllm-encoder " + name);
        thread.setDaemon(true);
        thread.start();
    }

    public EncoderCapabilities capabilities() {
        return backend.capabilities();
    }

    /**
     * Encodes texts; any number of them.
     *
     * @throws InvalidRequestException if a text does not fit the model, or the model does not give what is wanted
     * @throws UnavailableException if the model is being closed
     */
    public List<EncodedText> encode(List<EncoderInput> texts, Set<EncoderOutput> wanted) {
        return await(submit(texts, wanted));
    }

    /**
     * What was submitted, once it is there.
     *
     * @throws JllmException if it failed
     */
    public static List<EncodedText> await(CompletableFuture<List<EncodedText>> submitted) {
        try {
            return submitted.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof JllmException cause) {
                throw cause;
            }
            throw new EngineException("the model failed: " + e.getCause(), e);
        }
    }

    /**
     * Encodes texts while the caller goes on; any number of them.
     *
     * @throws InvalidRequestException if a text does not fit the model, or the model does not give what is wanted
     */
    public CompletableFuture<List<EncodedText>> submit(List<EncoderInput> texts, Set<EncoderOutput> wanted) {
        for (EncoderInput text : texts) {
            Optional<String> misfit = text.misfit(capabilities());
            if (misfit.isPresent()) {
                throw new InvalidRequestException(misfit.get());
            }
        }
        if (!capabilities().outputs().containsAll(wanted)) {
            throw new InvalidRequestException(
                    "this model gives " + capabilities().outputs() + " and not all of " + wanted);
        }
        if (texts.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        return queue.add(texts, wanted);
    }

    private void work() {
        try {
            while (true) {
                Optional<EncodingQueue.Round> next = queue.take();
                if (next.isEmpty()) {
                    return;
                }
                EncodingQueue.Round round = next.get();
                try {
                    round.finish(backend.encode(round.texts(), round.wanted()));
                } catch (RuntimeException | Error e) {
                    round.fail(e);
                }
            }
        } catch (InterruptedException e) {
            queue.close();
        } finally {
            queue.abandon(new UnavailableException("the model is being closed"));
            backend.close();
        }
    }

    /** Takes no more texts, finishes the batch that is being computed, fails those that wait, and frees the engine. */
    @Override
    public void close() {
        queue.close();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
