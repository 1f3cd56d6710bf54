package org.jllm.bench;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jllm.api.InvalidRequestException;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;

/** Speed of a decoder: prefill and decode of one sequence of random tokens, greedy. */
public final class Benchmark {
    private static final int SLOT = 0;

    private final DecoderBackend backend;
    private final Batch batch = new Batch();
    private final float[] logits;

    /**
     * One measurement.
     *
     * @param prefillTokensPerSecond median over the repetitions, as is the next
     * @param decodeTokensPerSecond tokens after the first, one at a time
     * @param timeToFirstTokenMillis from the first token of the prompt to the first of the answer
     */
    public record Figures(
            int promptTokens,
            int generatedTokens,
            int repetitions,
            double prefillTokensPerSecond,
            double decodeTokensPerSecond,
            double timeToFirstTokenMillis) {}

    public Benchmark(DecoderBackend backend) {
        this.backend = backend;
        logits = new float[backend.capabilities().vocabularySize()];
    }

    /**
     * Measures after one run that does not count.
     *
     * @param promptTokens at least 1
     * @param generatedTokens at least 2
     * @param repetitions at least 1
     * @throws InvalidRequestException if the context is too short for that
     */
    public Figures run(int promptTokens, int generatedTokens, int repetitions) {
        int context = backend.capabilities().contextLength();
        if (promptTokens < 1 || generatedTokens < 2 || repetitions < 1) {
            throw new InvalidRequestException(
                    "a benchmark needs at least 1 prompt token, 2 generated tokens and 1 repetition");
        }
        if ((long) promptTokens + generatedTokens > context) {
            throw new InvalidRequestException(promptTokens + " prompt and " + generatedTokens
                    + " generated tokens do not fit into the context of " + context);
        }
        int[] prompt = new SplittableRandom(1)
                .ints(promptTokens, 1, backend.capabilities().vocabularySize())
                .toArray();
        measure(prompt, generatedTokens);
        double[] prefill = new double[repetitions];
        double[] decode = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            long[] nanos = measure(prompt, generatedTokens);
            prefill[i] = nanos[0];
            decode[i] = nanos[1];
        }
        return new Figures(
                promptTokens,
                generatedTokens,
                repetitions,
                promptTokens * 1e9 / Median.of(Arrays.stream(prefill)),
                (generatedTokens - 1) * 1e9 / Median.of(Arrays.stream(decode)),
                Median.of(Arrays.stream(prefill)) / 1e6);
    }

    /** Nanoseconds to the first token, and from there to the last. */
    private long[] measure(int[] prompt, int generated) {
        backend.open(SLOT);
        try {
            long start = System.nanoTime();
            int chunk = backend.capabilities().maxBatchRows();
            for (int from = 0; from < prompt.length; from += chunk) {
                batch.clear();
                for (int i = from; i < Math.min(from + chunk, prompt.length); i++) {
                    batch.add(SLOT, i, prompt[i], i == prompt.length - 1);
                }
                if (from + chunk >= prompt.length) {
                    backend.step(batch).read(0, logits);
                } else {
                    backend.step(batch);
                }
            }
            int token = best();
            long first = System.nanoTime();
            for (int i = 1; i < generated; i++) {
                batch.clear();
                batch.add(SLOT, prompt.length + i - 1, token, true);
                backend.step(batch).read(0, logits);
                token = best();
            }
            return new long[] {first - start, System.nanoTime() - first};
        } finally {
            backend.close(SLOT);
        }
    }

    private int best() {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
