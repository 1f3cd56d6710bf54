package org.jllm.bench;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;
import org.jllm.encoding.SharedEncoder;

/**
 * Speed of an encoder: the means of sentences of mixed length, log-normal with a mean of 32 tokens and at most 256, in the
 * order in which a corpus would have them. No tokenizer is needed.
 */
public final class EncoderBenchmark implements VectorBenchmark {
    private static final Set<EncoderOutput> WANTED = EnumSet.of(EncoderOutput.MEAN);
    private static final double MEAN = 32;
    private static final double DEVIATION = 0.7;
    private static final int LONGEST = 256;
    private static final int SHORTEST = 3;

    private final SharedEncoder encoder;
    private final int vocabulary;
    private final int longest;

    /** Takes over the engine: closing this closes it. */
    public EncoderBenchmark(EncoderBackend backend) {
        encoder = new SharedEncoder("bench", backend);
        vocabulary = backend.capabilities().vocabularySize();
        longest = Math.min(LONGEST, backend.capabilities().contextLength());
    }

    @Override
    public long encode(int sentences, int batch) {
        List<EncoderInput> texts = texts(sentences);
        for (int from = 0; from < sentences; from += batch) {
            encoder.encode(texts.subList(from, Math.min(sentences, from + batch)), WANTED);
        }
        return texts.stream().mapToLong(EncoderInput::length).sum();
    }

    @Override
    public List<float[]> vectors(int sentences) {
        return encoder.encode(texts(sentences), WANTED).stream()
                .map(text -> text.row(EncoderOutput.MEAN))
                .toList();
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
