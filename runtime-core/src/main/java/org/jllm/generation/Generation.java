package org.jllm.generation;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jllm.api.CapacityException;
import org.jllm.api.FinishReason;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationResult;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.TextListener;
import org.jllm.tokenizer.Tokenizer;

/** One request from the ids of its prompt to the end of its text, alone on an engine. Used once, by one thread. */
final class Generation {
    private static final int SLOT = 0;

    private final DecoderBackend backend;
    private final Tokenizer tokenizer;
    private final Set<Integer> endIds;
    private final GenerationOptions options;
    private final TextListener listener;
    private final Batch batch = new Batch();
    private final StringBuilder text = new StringBuilder();
    private final long start = System.nanoTime();

    Generation(
            DecoderBackend backend,
            Tokenizer tokenizer,
            Set<Integer> endIds,
            GenerationOptions options,
            TextListener listener) {
        this.backend = backend;
        this.tokenizer = tokenizer;
        this.endIds = endIds;
        this.options = options;
        this.listener = listener;
    }

    GenerationResult run(int[] prompt) {
        check(prompt);
        Sampler sampler = new Sampler(options, backend.capabilities().vocabularySize());
        sampler.prompt(prompt);
        backend.open(SLOT);
        try {
            return continueText(prompt, sampler);
        } finally {
            backend.close(SLOT);
        }
    }

    private void check(int[] prompt) {
        Capabilities capabilities = backend.capabilities();
        if (prompt.length == 0) {
            throw new InvalidRequestException("the prompt is empty: there is no token to begin with");
        }
        if (prompt.length >= capabilities.contextLength()) {
            throw new CapacityException(
                    "the prompt has " + prompt.length + " tokens and leaves no room for an answer: the"
                            + " context holds " + capabilities.contextLength());
        }
        for (int id : prompt) {
            if (id < 0 || id >= capabilities.vocabularySize()) {
                throw new InvalidRequestException("token " + id + " of the prompt is outside the model's vocabulary of "
                        + capabilities.vocabularySize());
            }
        }
    }

    private GenerationResult continueText(int[] prompt, Sampler sampler) {
        Capabilities capabilities = backend.capabilities();
        int limit = capabilities.contextLength() - prompt.length;
        Integer maxTokens = options.maxTokens();
        int most = maxTokens == null ? limit : Math.min(maxTokens, limit);
        List<String> stops = options.stop();
        StopDetector stop = new StopDetector(stops == null ? List.of() : stops);
        StreamDecoder decoder = new StreamDecoder(tokenizer);
        float[] logits = new float[capabilities.vocabularySize()];

        prefill(prompt).read(0, logits);
        int generated = 0;
        long firstToken = 0;
        FinishReason reason = FinishReason.LENGTH;
        while (true) {
            int token = sampler.sample(logits);
            generated++;
            if (generated == 1) {
                firstToken = System.nanoTime();
            }
            if (endIds.contains(token)) {
                reason = FinishReason.STOP;
                break;
            }
            String piece = token < tokenizer.size() ? decoder.push(token) : "";
            boolean goOn = emit(stop.push(piece));
            if (stop.stopped()) {
                reason = FinishReason.STOP;
                break;
            }
            if (!goOn) {
                reason = FinishReason.CANCELLED;
                break;
            }
            if (generated == most) {
                break;
            }
            batch.clear();
            batch.add(SLOT, prompt.length + generated - 1, token, true);
            backend.step(batch).read(0, logits);
        }
        if (reason != FinishReason.CANCELLED) {
            emit(stop.push(decoder.finish()));
            emit(stop.finish());
        }
        long end = System.nanoTime();
        return new GenerationResult(
                text.toString(),
                reason,
                prompt.length,
                generated,
                Duration.ofNanos(firstToken - start),
                Duration.ofNanos(end - start));
    }

    /** Feeds the prompt in chunks that the engine takes, and returns the logits after its last token. */
    private Logits prefill(int[] prompt) {
        int chunk = backend.capabilities().maxBatchRows();
        for (int from = 0; ; from += chunk) {
            int to = Math.min(from + chunk, prompt.length);
            batch.clear();
            for (int position = from; position < to; position++) {
                batch.add(SLOT, position, prompt[position], position == prompt.length - 1);
            }
            Logits logits = backend.step(batch);
            if (to == prompt.length) {
                return logits;
            }
        }
    }

    private boolean emit(String piece) {
        if (piece.isEmpty()) {
            return true;
        }
        text.append(piece);
        return listener.onText(piece);
    }
}
