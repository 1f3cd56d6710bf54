package org.jllm.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.Similarity;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;
import org.jllm.encoding.SharedEncoder;

/**
 * Speed of an encoder: the means of sentences of mixed length, log-normal with a mean of 32 tokens and at most 256, in the
 * order in which a corpus would have them. No tokenizer is needed.
 */
public final class EncoderBenchmark implements AutoCloseable {
    private static final Set<EncoderOutput> WANTED = EnumSet.of(EncoderOutput.MEAN);
    private static final double MEAN = 32;
    private static final double DEVIATION = 0.7;
    private static final int LONGEST = 256;
    private static final int SHORTEST = 3;

    private final SharedEncoder encoder;
    private final int vocabulary;
    private final int longest;

    /**
     * One measurement.
     *
     * @param tokens of all sentences together
     * @param sentencesPerSecond median over the repetitions, as is the next
     */
    public record Figures(
            int sentences, long tokens, int repetitions, double sentencesPerSecond, double tokensPerSecond) {}

    /** Takes over the engine: closing this closes it. */
    public EncoderBenchmark(EncoderBackend backend) {
        encoder = new SharedEncoder("bench", backend);
        vocabulary = backend.capabilities().vocabularySize();
        longest = Math.min(LONGEST, backend.capabilities().contextLength());
    }

    /**
     * Measures after a tenth of the sentences that does not count.
     *
     * @param sentences at least 1
     * @param repetitions at least 1
     */
    public Figures run(int sentences, int repetitions) {
        if (sentences < 1 || repetitions < 1) {
            throw new InvalidRequestException("a benchmark needs at least 1 sentence and 1 repetition");
        }
        List<EncoderInput> texts = texts(sentences);
        encoder.encode(texts.subList(0, Math.max(1, sentences / 10)), WANTED);
        double[] seconds = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            long start = System.nanoTime();
            encoder.encode(texts, WANTED);
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        double median = Median.of(Arrays.stream(seconds));
        long tokens = texts.stream().mapToLong(EncoderInput::length).sum();
        return new Figures(sentences, tokens, repetitions, sentences / median, tokens / median);
    }

    /**
     * The smallest cosine of the means of the same sentences in two encoders, such as one model in two types.
     *
     * @param sentences at least 1
     */
    public double smallestCosine(EncoderBenchmark other, int sentences) {
        List<EncoderInput> texts = texts(sentences);
        List<EncodedText> own = encoder.encode(texts, WANTED);
        List<EncodedText> others = other.encoder.encode(texts, WANTED);
        double smallest = 1;
        for (int i = 0; i < sentences; i++) {
            smallest = Math.min(
                    smallest,
                    Similarity.cosine(
                            own.get(i).row(EncoderOutput.MEAN), others.get(i).row(EncoderOutput.MEAN)));
        }
        return smallest;
    }

    private List<EncoderInput> texts(int sentences) {
        Random random = new Random(1);
        List<EncoderInput> texts = new ArrayList<>();
        double centre = Math.log(MEAN) - DEVIATION * DEVIATION / 2;
        for (int i = 0; i < sentences; i++) {
            double length = Math.exp(centre + DEVIATION * random.nextGaussian());
            int tokens = (int) Math.min(longest, Math.max(SHORTEST, Math.round(length)));
            texts.add(EncoderInput.of(random.ints(tokens, 0, vocabulary).toArray()));
        }
        return texts;
    }

    @Override
    public void close() {
        encoder.close();
    }
}
