package org.jllm.evaluation;

import java.util.function.DoubleConsumer;
import org.jllm.api.InvalidRequestException;
import org.jllm.evaluation.Windows.Window;
import org.jllm.generation.Capabilities;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;
import org.jspecify.annotations.Nullable;

/**
 * Measures how well a decoder predicts a text, alone or beside a reference that is stepped on the same windows. Beside the
 * ids it takes the memory of one window, however long the text is. Uses slot 0 of the engines, which must not be open. Not safe
 * for use by several threads.
 */
public final class Perplexity {
    /** Bytes of logits that a step may give. */
    private static final long LOGIT_BYTES = 64L << 20;

    private final DecoderBackend model;
    private final @Nullable DecoderBackend reference;
    private final Windows windows;
    private final long logitBytes;

    /**
     * A measurement of one model.
     *
     * @throws InvalidRequestException if a window is longer than the model's context
     */
    public Perplexity(DecoderBackend model, Windows windows) {
        this(model, null, windows, LOGIT_BYTES);
    }

    /**
     * A measurement of a model and of how far it is from a reference.
     *
     * @throws InvalidRequestException if a window is longer than a context, or the vocabularies are not of the same size
     */
    public Perplexity(DecoderBackend model, DecoderBackend reference, Windows windows) {
        this(model, reference, windows, LOGIT_BYTES);
    }

    Perplexity(DecoderBackend model, @Nullable DecoderBackend reference, Windows windows, long logitBytes) {
        this.model = model;
        this.reference = reference;
        this.windows = windows;
        this.logitBytes = logitBytes;
        check(model.capabilities(), "the model");
        if (reference != null) {
            check(reference.capabilities(), "the reference");
            int size = model.capabilities().vocabularySize();
            int other = reference.capabilities().vocabularySize();
            if (size != other) {
                throw new InvalidRequestException("the model has a vocabulary of " + size + " tokens, the reference of "
                        + other + ": only models with the same vocabulary can be compared");
            }
        }
    }

    private void check(Capabilities capabilities, String whose) {
        if (capabilities.encoder()) {
            throw new InvalidRequestException(whose + " answers to another text: it does not predict a text alone");
        }
        if (windows.length() > capabilities.contextLength()) {
            throw new InvalidRequestException("windows of " + windows.length()
                    + " tokens are longer than the context of " + whose + ", which is " + capabilities.contextLength());
        }
    }

    /**
     * Scores every token but the first.
     *
     * @param ids of the text, at least 2, with the BOS that the model expects
     * @param progress takes the part that is done, from 0 to 1, on the calling thread; an exception that it throws ends the
     *     measurement and is passed on
     * @throws InvalidRequestException if there are fewer ids, or some that the model does not have
     * @throws org.jllm.api.EngineException if logits are no numbers
     */
    public PerplexityFigures measure(int[] ids, DoubleConsumer progress) {
        check(ids);
        int fed = ids.length - 1;
        int count = windows.count(fed);
        Tally tally = new Tally(model.capabilities().vocabularySize());
        long start = System.nanoTime();
        try (WindowFeed feed = new WindowFeed(model);
                WindowFeed other = reference == null ? null : new WindowFeed(reference)) {
            for (int number = 0; number < count; number++) {
                Window window = windows.at(number, fed);
                feed.begin();
                if (other != null) {
                    other.begin();
                }
                for (int from = window.start(); from < window.end(); ) {
                    int to = end(window, from);
                    score(ids, window, from, to, feed, other, tally);
                    from = to;
                    progress.accept((double) Math.max(from, window.scored()) / fed);
                }
            }
        }
        return tally.figures(count, reference != null, (System.nanoTime() - start) / 1e9);
    }

    private void check(int[] ids) {
        if (ids.length < 2) {
            throw new InvalidRequestException("the text has " + ids.length + (ids.length == 1 ? " token" : " tokens")
                    + ": it takes 2 to have one predicted");
        }
        int size = model.capabilities().vocabularySize();
        for (int id : ids) {
            if (id < 0 || id >= size) {
                throw new InvalidRequestException("the text has the token " + id + ", but the model only those below "
                        + size + ": its tokenizer is that of another model");
            }
        }
    }

    /** Where a step that begins at {@code from} ends: as the batches of the engines and the room for logits allow. */
    private int end(Window window, int from) {
        int rows = model.capabilities().maxBatchRows();
        if (reference != null) {
            rows = Math.min(rows, reference.capabilities().maxBatchRows());
        }
        long rowBytes = (long) Float.BYTES * model.capabilities().vocabularySize();
        long scored = Math.max(1, logitBytes / rowBytes);
        long end = Math.min((long) from + rows, Math.max(from, window.scored()) + scored);
        return (int) Math.min(end, window.end());
    }

    private static void score(
            int[] ids, Window window, int from, int to, WindowFeed feed, @Nullable WindowFeed other, Tally tally) {
        Logits logits = feed.step(ids, window, from, to);
        Logits expected = other == null ? null : other.step(ids, window, from, to);
        int first = Math.max(from, window.scored());
        for (int i = first; i < to; i++) {
            float[] row = feed.read(logits, i - first);
            if (other == null || expected == null) {
                tally.add(row, ids[i + 1]);
            } else {
                tally.add(row, other.read(expected, i - first), ids[i + 1]);
            }
        }
    }
}
