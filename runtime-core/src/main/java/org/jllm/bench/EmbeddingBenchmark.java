package org.jllm.bench;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.EmbeddingOutcome;
import org.jllm.api.InvalidRequestException;

/** Speed of a model of vectors on given texts, end to end: cut into tokens, computed, pooled. */
public final class EmbeddingBenchmark implements VectorBenchmark {
    private final EmbeddingModel model;
    private final List<String> texts;

    /**
     * Takes over the model: closing this closes it.
     *
     * @param texts at least 1
     */
    public EmbeddingBenchmark(EmbeddingModel model, List<String> texts) {
        this.model = model;
        this.texts = List.copyOf(texts);
        if (texts.isEmpty()) {
            model.close();
            throw new InvalidRequestException("a benchmark needs at least 1 text");
        }
    }

    @Override
    public long encode(int sentences, int batch) {
        long[] tokens = new long[1];
        for (int from = 0; from < sentences; from += batch) {
            embed(from, Math.min(sentences, from + batch), embedding -> tokens[0] += embedding.tokens());
        }
        return tokens[0];
    }

    @Override
    public List<float[]> vectors(int sentences) {
        List<float[]> vectors = new ArrayList<>();
        embed(0, sentences, embedding -> vectors.add(embedding.vector()));
        return vectors;
    }

    private void embed(int from, int to, Consumer<Embedding> sink) {
        Iterator<EmbeddingOutcome<Embedding>> outcomes = model.embedAll(
                texts.subList(from, to).stream().map(EmbeddingInput.Text::new).iterator(), EmbeddingOptions.defaults());
        while (outcomes.hasNext()) {
            sink.accept(outcomes.next().orThrow());
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
