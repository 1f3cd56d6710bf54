package org.jllm.generation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jllm.api.TextChunk;
import org.jllm.api.TokenLogprob;
import org.jllm.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The text of an answer while it grows: tokens in, chunks of whole characters out, without stop strings. The
 * log-probability of a token comes with the chunk that the token begins in. Not safe for use by several threads.
 */
final class Answer {
    private final Tokenizer tokenizer;
    private final Optional<String> lineFeed;
    private final StreamDecoder decoder;
    private final StopDetector stop;
    private final StringBuilder text = new StringBuilder();
    private final Deque<TokenLogprob> pending = new ArrayDeque<>();
    /** Characters, not chars. */
    private int decoded;

    private int given;

    Answer(Tokenizer tokenizer, List<String> stops) {
        this(tokenizer, stops, Optional.empty());
    }

    /**
     * An answer without text yet.
     *
     * @param lineFeed what the model writes for a line feed, within one token
     */
    Answer(Tokenizer tokenizer, List<String> stops, Optional<String> lineFeed) {
        this.tokenizer = tokenizer;
        this.lineFeed = lineFeed;
        decoder = new StreamDecoder(tokenizer);
        stop = new StopDetector(stops);
    }

    /** Characters that the tokens so far stand for, those that are held back included. */
    int length() {
        return decoded;
    }

    /** Adds a token; gives the chunk that is complete with it. */
    Optional<TextChunk> push(int token, @Nullable TokenLogprob logprob) {
        if (logprob != null) {
            pending.add(logprob);
        }
        // Some models have more logits than their tokenizer has tokens.
        String piece = token < tokenizer.size() ? decoder.push(token) : "";
        if (lineFeed.isPresent()) {
            piece = piece.replace(lineFeed.get(), "\n");
        }
        decoded += characters(piece);
        String sure = stop.push(piece);
        if (sure.isEmpty()) {
            return Optional.empty();
        }
        give(sure);
        return Optional.of(new TextChunk(sure, begun(given)));
    }

    /** Whether a stop string has ended the text. */
    boolean stopped() {
        return stop.stopped();
    }

    /** What was held back, when the text has ended. */
    Optional<TextChunk> finish() {
        String rest = stop.push(decoder.finish()) + stop.finish();
        give(rest);
        List<TokenLogprob> last = begun(stop.stopped() ? given : Integer.MAX_VALUE);
        return rest.isEmpty() && last.isEmpty() ? Optional.empty() : Optional.of(new TextChunk(rest, last));
    }

    /** All text that was given out. */
    String text() {
        return text.toString();
    }

    private void give(String part) {
        text.append(part);
        given += characters(part);
    }

    private static int characters(String part) {
        return part.codePointCount(0, part.length());
    }

    private List<TokenLogprob> begun(int end) {
        List<TokenLogprob> begun = new ArrayList<>();
        while (!pending.isEmpty() && pending.peek().textOffset() < end) {
            begun.add(pending.remove());
        }
        return begun;
    }
}
