package org.jllm.generation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jllm.api.CapacityException;
import org.jllm.api.EngineException;
import org.jllm.api.FinishReason;
import org.jllm.api.GenerationObserver;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.ModelStatistics;
import org.jllm.api.PromptScoring;
import org.jllm.api.RunningGeneration;
import org.jllm.api.TokenLogprob;
import org.jllm.api.UnavailableException;
import org.jllm.tokenizer.Tokenizer;

/**
 * Continuous batching: many requests on one engine, which join and leave between steps. One thread calls {@link #step}
 * again and again; {@link #submit}, {@link #shutDown} and {@link #statistics} may be called by any.
 *
 * <p>A request <em>waits</em> until there is a place for it, is <em>prefilled</em> in chunks, and <em>decoded</em> a token
 * a step, or several where {@link PromptLookup} guessed right; it <em>ends</em> with a result or an error, once. When the
 * caches are full, kept beginnings go first, then the request that came last is put back to wait and is computed again
 * later, with the same text. Invariants between steps:
 *
 * <ul>
 *   <li>every open slot belongs to one running request or to the {@link PrefixCache}, never to both;
 *   <li>a running request's slot holds its first {@code fed} tokens, and at least one is left to feed;
 *   <li>a step gives every decoded request at least one token, and the prompts share what is left of the batch, so none
 *       starves;
 *   <li>the next to run is of the client with the fewest running requests, and among those the one that came first; if there
 *       is no room for it yet, nobody comes before it.
 * </ul>
 */
final class Scheduler {
    /** Rows of logits that one step computes for a prompt that is scored: each is as wide as the vocabulary. */
    private static final int SCORED_ROWS = 64;

    private final DecoderBackend backend;
    private final Capabilities capabilities;
    private final Tokenizer tokenizer;
    private final Set<Integer> endIds;
    private final SchedulerLimits limits;
    private final LongSupplier nanoTime;
    private final TokenProbabilities probabilities;
    private final Places places;
    private final Batch batch = new Batch();
    private final float[] logits;
    private float[] unchangedLogits = {};
    private final Candidates candidates;
    private final List<Sequence> running = new ArrayList<>();
    private final SchedulerCounters counters = new SchedulerCounters();

    private final WaitingLine waiting;
    private volatile boolean cancelAll;

    Scheduler(
            DecoderBackend backend,
            Tokenizer tokenizer,
            Set<Integer> endIds,
            SchedulerLimits limits,
            LongSupplier nanoTime) {
        this.backend = backend;
        this.tokenizer = tokenizer;
        this.endIds = endIds;
        this.limits = limits;
        this.nanoTime = nanoTime;
        capabilities = backend.capabilities();
        probabilities = new TokenProbabilities(tokenizer, capabilities.vocabularySize());
        int most = Math.min(limits.running(), Math.min(capabilities.slots(), capabilities.maxBatchRows()));
        places = new Places(backend, most);
        waiting = new WaitingLine(limits.waiting());
        logits = new float[capabilities.vocabularySize()];
        candidates = new Candidates(capabilities.vocabularySize());
    }

    /**
     * Puts a request into the queue.
     *
     * @param prompt its tokens
     * @param options all layers of settings merged
     */
    RunningGeneration submit(
            GenerationRequest request, int[] prompt, GenerationOptions options, GenerationObserver observer) {
        return submit(request, prompt, options, Optional.empty(), observer);
    }

    /**
     * Puts a request into the queue.
     *
     * @param prompt its tokens
     * @param options all layers of settings merged
     * @param lineFeed what the model writes for a line feed, where that is not a line feed
     */
    RunningGeneration submit(
            GenerationRequest request,
            int[] prompt,
            GenerationOptions options,
            Optional<String> lineFeed,
            GenerationObserver observer) {
        int room = checkPrompt(prompt);
        Sampler sampler = new Sampler(options, capabilities.vocabularySize(), candidates);
        sampler.prompt(prompt);
        Integer maxTokens = options.maxTokens();
        Sequence sequence = new Sequence(
                request,
                prompt,
                sampler,
                new Answer(tokenizer, Objects.requireNonNullElse(options.stop(), List.of()), lineFeed),
                new PromptOffsets(request.prompt(), tokenizer),
                maxTokens == null ? room : Math.min(maxTokens, room),
                observer,
                nanoTime.getAsLong());
        waiting.add(sequence);
        counters.submitted(sequence);
        return sequence;
    }

    private int checkPrompt(int[] prompt) {
        if (prompt.length == 0) {
            throw new InvalidRequestException("the prompt is empty: there is no token to begin with");
        }
        for (int id : prompt) {
            if (id < 0 || id >= capabilities.vocabularySize()) {
                throw new InvalidRequestException("token " + id + " of the prompt is outside the model's vocabulary of "
                        + capabilities.vocabularySize());
            }
        }
        int context = capabilities.contextLength();
        long cache = capabilities.cachePositions();
        if (prompt.length >= context) {
            throw new CapacityException("the prompt has " + prompt.length
                    + " tokens and leaves no room for an answer: the context holds " + context);
        }
        if (prompt.length >= cache) {
            throw new CapacityException("the prompt has " + prompt.length + " tokens, and the caches may hold " + cache
                    + ": allow more with cache_bytes");
        }
        long room = Math.min(context, cache) - prompt.length;
        return (int) room;
    }

    /** Waits for something to do; false when there will be nothing any more. */
    boolean awaitWork() throws InterruptedException {
        return waiting.await();
    }

    /** Takes no more requests; those that it has go on. */
    void shutDown() {
        waiting.close();
    }

    /** Cancels all requests that it has when the next step begins. */
    void cancelAll() {
        cancelAll = true;
    }

    ModelStatistics statistics() {
        return counters.statistics(waiting.size(), capabilities.cachePositions());
    }

    /** Computes one batch; false if there was nothing to compute. */
    boolean step() {
        try {
            dropEnded();
            admit();
            if (compute()) {
                running.removeIf(sequence -> sequence.ended);
            }
        } catch (RuntimeException | Error e) {
            failRunning(e);
        }
        long held = places.keptPositions();
        for (Sequence sequence : running) {
            held += sequence.fed;
        }
        counters.now(running.size(), held);
        return !running.isEmpty() || waiting.size() > 0;
    }

    /** Whatever an engine throws belongs to the requests of its batch; the next ones may do better. */
    private void failRunning(Throwable cause) {
        JllmException error = cause instanceof JllmException known
                ? known
                : new EngineException("the engine failed while it computed a step: " + cause, cause);
        for (Sequence sequence : running) {
            if (!sequence.ended) {
                dropQuietly(sequence);
                sequence.fail(error);
            }
        }
        running.clear();
    }

    /** An engine that has failed may fail to close a slot, too; the requests are told of the first failure. */
    private void dropQuietly(Sequence sequence) {
        try {
            places.drop(sequence);
        } catch (RuntimeException e) {
            System.getLogger(Scheduler.class.getName()).log(System.Logger.Level.WARNING, "a slot is lost", e);
        }
    }

    private void dropEnded() {
        long now = nanoTime.getAsLong();
        if (cancelAll) {
            cancelAll = false;
            waiting.forEach(Sequence::cancel);
            running.forEach(Sequence::cancel);
        }
        Predicate<Sequence> over = sequence -> sequence.cancelled() || sequence.overdue(now);
        List<Sequence> left = new ArrayList<>(waiting.remove(over));
        for (Sequence sequence : running) {
            if (over.test(sequence)) {
                left.add(sequence);
            }
        }
        if (left.isEmpty()) {
            return;
        }
        running.removeAll(left);
        for (Sequence sequence : left) {
            if (sequence.cancelled()) {
                finish(sequence, FinishReason.CANCELLED, now);
            } else {
                places.keep(sequence);
                sequence.fail(new UnavailableException("the request took longer than its deadline of "
                        + Objects.requireNonNullElse(sequence.request.deadline(), Duration.ZERO)
                                .toMillis() + " ms"));
            }
        }
    }

    private void admit() {
        while (running.size() < places.most() && waiting.size() > 0) {
            Map<String, Integer> busy = new HashMap<>();
            running.forEach(sequence -> busy.merge(sequence.request.client(), 1, Integer::sum));
            Optional<Sequence> next = waiting.next(
                    busy, sequence -> places.ready(sequence, running), sequence -> places.fits(sequence, running));
            if (next.isEmpty()) {
                return;
            }
            running.add(next.get());
            places.take(next.get(), running);
            counters.admitted(next.get());
        }
    }

    private boolean compute() {
        int decodedRows = capabilities.rollback() ? limits.guesses() + 1 : 0;
        while (!running.isEmpty()) {
            BatchPlan plan =
                    BatchPlan.of(running, capabilities.maxBatchRows(), limits.prefillRows(), SCORED_ROWS, decodedRows);
            plan.fill(batch);
            try {
                Logits result = backend.step(batch);
                read(result, plan);
                return true;
            } catch (CapacityException e) {
                if (plan.hasGuesses()) {
                    decodedRows = 0;
                } else if (!places.evict()) {
                    giveUpOne(e);
                }
            }
        }
        return false;
    }

    /** The request that came last makes room for the others. */
    private void giveUpOne(CapacityException cause) {
        Sequence last = running.remove(running.size() - 1);
        if (!running.isEmpty()) {
            places.drop(last);
            last.preempted = true;
            counters.preempted();
            waiting.putBack(last);
        } else if (last.generated() > 0) {
            finish(last, FinishReason.LENGTH, nanoTime.getAsLong());
        } else {
            places.drop(last);
            last.fail(cause);
        }
    }

    private void read(Logits result, BatchPlan plan) {
        int row = 0;
        for (BatchPlan.Part part : plan.parts()) {
            Sequence sequence = part.sequence();
            int first = sequence.fed;
            sequence.fed += part.rows();
            for (int position = first; position < first + part.rows(); position++) {
                if (part.wanted()[position - first]) {
                    result.read(row++, logits);
                    use(sequence, position);
                }
            }
            if (part.guesses().length > 0) {
                compare(part, result, row);
                row += part.guesses().length;
            }
        }
    }

    /**
     * Goes through guessed tokens for as long as they are what the sampler chose, each from the logits of the row before
     * it, just as it would have without guesses; what follows the last of these is taken out of the cache.
     */
    private void compare(BatchPlan.Part part, Logits result, int row) {
        Sequence sequence = part.sequence();
        int accepted = 0;
        for (int guess : part.guesses()) {
            if (sequence.ended || sequence.cancelled() || sequence.id(sequence.fed) != guess) {
                break;
            }
            sequence.fed++;
            result.read(row + accepted++, logits);
            use(sequence, sequence.fed - 1);
        }
        counters.guessed(part.guesses().length, accepted);
        sequence.learn(part.guesses().length, accepted);
        if (!sequence.ended && !places.trim(sequence)) {
            sequence.guessNoMore();
        }
    }

    private void use(Sequence sequence, int position) {
        if (sequence.ended) {
            return;
        }
        try {
            if (sequence.scoresPrompt()) {
                score(sequence, position);
            }
            if (position == sequence.size() - 1) {
                if (sequence.request.promptScoring() == PromptScoring.ONLY) {
                    finish(sequence, FinishReason.LENGTH, nanoTime.getAsLong());
                } else {
                    choose(sequence);
                }
            }
        } catch (JllmException e) {
            places.drop(sequence);
            sequence.fail(e);
        }
    }

    private void score(Sequence sequence, int position) {
        if (sequence.scored() == 0) {
            sequence.score(probabilities.unpredicted(sequence.id(0), sequence.nextOffset()));
        }
        if (sequence.scored() == position + 1 && position + 1 < sequence.promptTokens) {
            int id = sequence.id(position + 1);
            int top = Objects.requireNonNullElse(sequence.request.topLogprobs(), 0);
            sequence.score(probabilities.of(logits, id, top, sequence.nextOffset()));
        }
    }

    private void choose(Sequence sequence) {
        Integer top = sequence.request.topLogprobs();
        float[] raw = top == null ? logits : copyOfLogits();
        int token = sequence.sampler.sample(logits);
        counters.generated();
        long now = nanoTime.getAsLong();
        sequence.append(token, now);
        if (endIds.contains(token)) {
            finish(sequence, FinishReason.STOP, now);
            return;
        }
        Answer answer = sequence.answer;
        TokenLogprob logprob = top == null ? null : probabilities.of(raw, token, top, answer.length());
        answer.push(token, logprob).ifPresent(sequence::deliver);
        if (answer.stopped()) {
            finish(sequence, FinishReason.STOP, now);
        } else if (sequence.generated() == sequence.mostTokens) {
            finish(sequence, FinishReason.LENGTH, now);
        }
    }

    /** The logits as the engine gave them, for which there is room for one row. */
    private float[] copyOfLogits() {
        if (unchangedLogits.length == 0) {
            unchangedLogits = new float[logits.length];
        }
        System.arraycopy(logits, 0, unchangedLogits, 0, logits.length);
        return unchangedLogits;
    }

    private void finish(Sequence sequence, FinishReason reason, long now) {
        places.keep(sequence);
        if (reason != FinishReason.CANCELLED) {
            sequence.answer.finish().ifPresent(sequence::deliver);
        }
        counters.left((int) running.stream()
                .filter(other -> other != sequence && !other.ended)
                .count());
        sequence.end(reason, now);
    }

    /** Ends all that still runs or waits, and closes the slots. */
    void abandon(JllmException error) {
        failRunning(error);
        waiting.close();
        waiting.remove(sequence -> true).forEach(sequence -> sequence.fail(error));
    }
}
