package org.jllm.bench;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.EmbeddingOutcome;
import org.jllm.api.InvalidRequestException;

/** Speed of a model of vectors on given texts, end to end: cut into tokens, computed, pooled. */
public final class EmbeddingBenchmark implements AutoCloseable {
    private final EmbeddingModel model;

    /** Takes over the model: closing this closes it. */
    public EmbeddingBenchmark(EmbeddingModel model) {
        this.model = model;
    }

    /**
     * Measures after a tenth of the texts that does not count.
     *
     * @param texts at least 1
     * @param repetitions at least 1
     */
    public EncoderBenchmark.Figures run(List<String> texts, int repetitions) {
        if (texts.isEmpty() || repetitions < 1) {
            throw new InvalidRequestException("a benchmark needs at least 1 text and 1 repetition");
        }
        embed(texts.subList(0, Math.max(1, texts.size() / 10)));
        double[] seconds = new double[repetitions];
        long tokens = 0;
        for (int i = 0; i < repetitions; i++) {
            long start = System.nanoTime();
            tokens = embed(texts);
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        double median = Median.of(Arrays.stream(seconds));
        return new EncoderBenchmark.Figures(texts.size(), tokens, repetitions, texts.size() / median, tokens / median);
    }

    /** @return tokens of all texts */
    private long embed(List<String> texts) {
        Iterator<EmbeddingOutcome<Embedding>> outcomes =
                model.embedAll(texts.stream().map(EmbeddingInput.Text::new).iterator(), EmbeddingOptions.defaults());
        long tokens = 0;
        while (outcomes.hasNext()) {
            tokens += outcomes.next().orThrow().tokens();
        }
        return tokens;
    }

    @Override
    public void close() {
        model.close();
    }
}
