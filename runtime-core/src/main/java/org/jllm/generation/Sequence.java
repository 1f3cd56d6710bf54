package org.jllm.generation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jllm.api.FinishReason;
import org.jllm.api.GenerationObserver;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationResult;
import org.jllm.api.JllmException;
import org.jllm.api.PromptScoring;
import org.jllm.api.RunningGeneration;
import org.jllm.api.TextChunk;
import org.jllm.api.TokenLogprob;

/**
 * One request on its way through the {@link Scheduler}: its tokens, how many of them are in a cache, and its text. Only
 * the scheduler's thread touches it, but for {@link #cancel()}.
 */
final class Sequence implements RunningGeneration {
    static final int NO_SLOT = -1;

    final GenerationRequest request;
    final Sampler sampler;
    final Answer answer;
    final int mostTokens;
    final int promptTokens;
    final long start;
    private final GenerationObserver observer;
    private final PromptOffsets promptOffsets;
    private final List<TokenLogprob> promptLogprobs = new ArrayList<>();
    private final PromptLookup lookup = new PromptLookup();
    private volatile boolean cancelled;

    private int[] ids;
    private int size;
    int slot = NO_SLOT;
    /** Tokens whose keys and values are in the cache of the slot. */
    int fed;

    int reused;
    boolean preempted;
    boolean ended;
    private int generated;
    private long firstToken;

    Sequence(
            GenerationRequest request,
            int[] prompt,
            Sampler sampler,
            Answer answer,
            PromptOffsets promptOffsets,
            int mostTokens,
            GenerationObserver observer,
            long start) {
        this.request = request;
        this.sampler = sampler;
        this.answer = answer;
        this.promptOffsets = promptOffsets;
        this.mostTokens = mostTokens;
        this.observer = observer;
        this.start = start;
        ids = prompt;
        size = prompt.length;
        promptTokens = prompt.length;
    }

    @Override
    public int promptTokens() {
        return promptTokens;
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    boolean cancelled() {
        return cancelled;
    }

    boolean overdue(long now) {
        Duration deadline = request.deadline();
        return deadline != null && now - start >= deadline.toNanos();
    }

    int size() {
        return size;
    }

    int generated() {
        return generated;
    }

    int id(int position) {
        return ids[position];
    }

    int[] ids(int count) {
        return Arrays.copyOf(ids, count);
    }

    /** Tokens that the next steps have to feed before another one can be chosen. */
    int unfed() {
        return size - fed;
    }

    /** Whether more than the token that was chosen last is to be fed. */
    boolean prefilling() {
        return unfed() > 1 || generated == 0;
    }

    /** Tokens that the text may go on with, no more than it may still get after its next one. */
    int[] guesses(int most) {
        return lookup.guess(ids, size, Math.min(most, mostTokens - generated - 1));
    }

    void learn(int guessed, int accepted) {
        lookup.learn(guessed, accepted, size);
    }

    /** Guesses no more: its engine could not take a guess back. */
    void guessNoMore() {
        lookup.giveUp();
    }

    boolean scoresPrompt() {
        return request.promptScoring() != PromptScoring.NONE && promptLogprobs.size() < promptTokens;
    }

    /** Whether the logits of a position are of use: to choose a token, or to score the prompt's next one. */
    boolean wantsLogits(int position) {
        return position == size - 1 || (scoresPrompt() && position + 1 >= promptLogprobs.size());
    }

    int scored() {
        return promptLogprobs.size();
    }

    /** Where the next token of the prompt that gets a score begins in its text. */
    int nextOffset() {
        return promptOffsets.next(id(scored()));
    }

    void score(TokenLogprob logprob) {
        promptLogprobs.add(logprob);
    }

    /** How many tokens this sequence and another one begin with alike, of the first {@code most}. */
    int common(int[] other, int most) {
        int end = Math.min(most, Math.min(size, other.length));
        int mismatch = Arrays.mismatch(ids, 0, end, other, 0, end);
        return mismatch < 0 ? end : mismatch;
    }

    int common(Sequence other, int most) {
        return common(other.ids, Math.min(most, other.size));
    }

    void append(int token, long now) {
        if (generated++ == 0) {
            firstToken = now;
        }
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, Math.max(16, size + size / 2));
        }
        ids[size++] = token;
    }

    /** Hands a chunk on; an observer that throws has no more interest. */
    void deliver(TextChunk chunk) {
        try {
            observer.onChunk(chunk);
        } catch (RuntimeException | Error e) {
            cancelled = true;
            logFailure(e);
        }
    }

    void end(FinishReason reason, long now) {
        ended = true;
        GenerationResult result = new GenerationResult(
                answer.text(),
                reason,
                promptTokens,
                reused,
                generated,
                Duration.ofNanos(generated == 0 ? 0 : firstToken - start),
                Duration.ofNanos(now - start),
                promptLogprobs);
        notify(() -> observer.onEnd(result));
    }

    void fail(JllmException error) {
        ended = true;
        notify(() -> observer.onError(error));
    }

    private static void notify(Runnable last) {
        try {
            last.run();
        } catch (RuntimeException | Error e) {
            // It has ended all the same, and the others go on.
            logFailure(e);
        }
    }

    private static void logFailure(Throwable cause) {
        System.getLogger(Sequence.class.getName()).log(System.Logger.Level.WARNING, "an observer failed", cause);
    }
}
