package org.jllm.embedding;

import java.util.List;
import java.util.stream.Stream;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.TextSimilarity;

/** Compares the vectors of texts. Closing it closes the model. */
public record CosineSimilarity(EmbeddingModel model) implements TextSimilarity {
    @Override
    public String name() {
        return model.name();
    }

    @Override
    public List<Double> similarities(String text, List<String> others) {
        List<EmbeddingInput.Text> all = Stream.concat(Stream.of(text), others.stream())
                .map(EmbeddingInput.Text::new)
                .toList();
        List<Embedding> vectors = model.embed(all, EmbeddingOptions.defaults().withTruncate(false));
        return vectors.subList(1, vectors.size()).stream()
                .map(vector -> vectors.get(0).cosine(vector))
                .toList();
    }

    @Override
    public void close() {
        model.close();
    }
}
