package org.jllm.embedding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingOutcome;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;
import org.jllm.encoding.SharedEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Takes texts window by window, in which the encoder sorts them by length. While it computes one, the calling thread reads
 * the next and finishes the one before. Memory does not grow with the number of texts. Windows begin small and grow as long
 * as they take less than some seconds, so that nobody waits long for the first results of a large model.
 */
final class EmbeddingWindows<R> implements Iterator<EmbeddingOutcome<R>> {
    private static final int LEAST_TEXTS = 256;
    private static final int MOST_TEXTS = 1_024;
    private static final long SHORT_NANOS = 2_000_000_000;
    private static final long LONG_NANOS = 4 * SHORT_NANOS;
    /** Batches of a window: the last of them may be half empty. */
    private static final int BATCHES = 8;
    /** Fewer where all tokens of a window have a vector in memory. */
    private static final int BATCHES_OF_TOKENS = 4;

    private static final int AHEAD = 2;

    private final SharedEncoder encoder;
    private final Recipe<R> recipe;
    private final Iterator<? extends EmbeddingInput> texts;
    private final int windowTokens;
    private final Deque<Window> ahead = new ArrayDeque<>();
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    private Iterator<EmbeddingOutcome<R>> ready = Collections.emptyIterator();
    private long count;
    private int windowTexts = LEAST_TEXTS;
    private long finishedAt;

    private record Place(
            @Nullable PreparedText text, @Nullable JllmException error) {}

    private record Window(long first, List<Place> places, CompletableFuture<List<EncodedText>> results) {}

    EmbeddingWindows(SharedEncoder encoder, Recipe<R> recipe, Iterator<? extends EmbeddingInput> texts) {
        this.encoder = encoder;
        this.recipe = recipe;
        this.texts = texts;
        int batches = recipe.outputs().contains(EncoderOutput.HIDDEN_STATES) ? BATCHES_OF_TOKENS : BATCHES;
        windowTokens = batches * encoder.capabilities().maxBatchTokens();
    }

    @Override
    public boolean hasNext() {
        return ready.hasNext() || !ahead.isEmpty() || texts.hasNext();
    }

    @Override
    public EmbeddingOutcome<R> next() {
        if (!ready.hasNext()) {
            readAhead();
            if (ahead.isEmpty()) {
                throw new NoSuchElementException();
            }
            ready = finish(ahead.remove()).iterator();
        }
        return ready.next();
    }

    private void readAhead() {
        while (ahead.size() < AHEAD && texts.hasNext()) {
            ahead.add(read());
        }
    }

    private Window read() {
        long first = count;
        List<Place> places = new ArrayList<>();
        List<EncoderInput> inputs = new ArrayList<>();
        int tokens = 0;
        while (tokens < windowTokens && places.size() < windowTexts && texts.hasNext()) {
            Place place = place();
            places.add(place);
            if (place.text != null) {
                inputs.add(place.text.input());
                tokens += place.text.tokens();
            }
        }
        count += places.size();
        // One window after the other, so that the first is there as soon as it can be.
        CompletableFuture<List<EncodedText>> results =
                last.handle((done, error) -> true).thenCompose(done -> encoder.submit(inputs, recipe.outputs()));
        last = results;
        return new Window(first, places, results);
    }

    private Place place() {
        try {
            PreparedText text = recipe.prepare(texts.next());
            Optional<String> misfit = text.input().misfit(encoder.capabilities());
            return misfit.isPresent()
                    ? new Place(null, new InvalidRequestException(misfit.get()))
                    : new Place(text, null);
        } catch (JllmException e) {
            return new Place(null, e);
        }
    }

    private List<EmbeddingOutcome<R>> finish(Window window) {
        Iterator<EncodedText> encoded = SharedEncoder.await(window.results).iterator();
        adapt();
        List<EmbeddingOutcome<R>> outcomes = new ArrayList<>();
        for (Place place : window.places) {
            outcomes.add(finish(window.first + outcomes.size(), place, encoded));
        }
        return outcomes;
    }

    private void adapt() {
        long now = System.nanoTime();
        if (finishedAt != 0) {
            long took = now - finishedAt;
            windowTexts = took < SHORT_NANOS
                    ? Math.min(2 * windowTexts, MOST_TEXTS)
                    : took > LONG_NANOS ? Math.max(windowTexts / 2, LEAST_TEXTS) : windowTexts;
        }
        finishedAt = now;
    }

    private EmbeddingOutcome<R> finish(long index, Place place, Iterator<EncodedText> encoded) {
        if (place.error != null) {
            return new EmbeddingOutcome<>(index, null, place.error);
        }
        try {
            PreparedText text = Objects.requireNonNull(place.text);
            return new EmbeddingOutcome<>(index, recipe.finish(text, encoded.next()), null);
        } catch (JllmException e) {
            return new EmbeddingOutcome<>(index, null, e);
        }
    }
}
