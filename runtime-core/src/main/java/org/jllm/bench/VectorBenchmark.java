package org.jllm.bench;

import java.util.Arrays;
import java.util.List;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.Similarity;

/** Speed of what makes a vector of a text. Used by one thread. */
public interface VectorBenchmark extends AutoCloseable {
    /**
     * One measurement.
     *
     * @param tokens of all sentences together
     * @param batch so many sentences were handed over at a time
     * @param sentencesPerSecond median over the repetitions, as is the next
     */
    record Figures(
            int sentences,
            int batch,
            long tokens,
            int repetitions,
            double sentencesPerSecond,
            double tokensPerSecond) {}

    /**
     * Makes vectors of the first sentences.
     *
     * @param sentences at least 1
     * @param batch so many are handed over at a time, and the next when these are done; at least 1
     * @return their tokens
     */
    long encode(int sentences, int batch);

    /** The vectors of the first sentences, at least 1. */
    List<float[]> vectors(int sentences);

    /** Measures once, without any preparation. */
    default Figures once(int sentences, int batch) {
        long start = System.nanoTime();
        long tokens = encode(sentences, batch);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Figures(sentences, batch, tokens, 1, sentences / seconds, tokens / seconds);
    }

    /** Encodes a tenth of the sentences, so that nothing is done for the first time when it counts. */
    default void warmUp(int sentences, int batch) {
        if (sentences < 1 || batch < 1) {
            throw new InvalidRequestException("a benchmark needs at least 1 sentence, in batches of at least 1");
        }
        encode(Math.max(1, sentences / 10), batch);
    }

    /**
     * Measures after a tenth of the sentences that does not count.
     *
     * @param repetitions at least 1
     */
    default Figures run(int sentences, int batch, int repetitions) {
        if (repetitions < 1) {
            throw new InvalidRequestException("a benchmark needs at least 1 repetition");
        }
        warmUp(sentences, batch);
        double[] seconds = new double[repetitions];
        long tokens = 0;
        for (int i = 0; i < repetitions; i++) {
            Figures figures = once(sentences, batch);
            seconds[i] = sentences / figures.sentencesPerSecond();
            tokens = figures.tokens();
        }
        double median = Median.of(Arrays.stream(seconds));
        return new Figures(sentences, batch, tokens, repetitions, sentences / median, tokens / median);
    }

    /** The smallest cosine of the vectors of the same sentences in two encoders, such as one model in two types. */
    static double smallestCosine(List<float[]> vectors, List<float[]> others) {
        double smallest = 1;
        for (int i = 0; i < vectors.size(); i++) {
            smallest = Math.min(smallest, Similarity.cosine(vectors.get(i), others.get(i)));
        }
        return smallest;
    }

    @Override
    void close();
}
