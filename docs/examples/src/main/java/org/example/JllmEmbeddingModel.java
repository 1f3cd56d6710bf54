package org.example;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.store.embedding.CosineSimilarity;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingOptions;

/**
 * A model of jllm for LangChain4j. As safe for threads as the model itself, which stays the caller's to close.
 *
 * @param model that makes the vectors
 * @param options with which it does; {@link EmbeddingOptions#document()} where texts are stored and
 *     {@link EmbeddingOptions#query()} where they are looked for
 */
record JllmEmbeddingModel(org.jllm.api.EmbeddingModel model, EmbeddingOptions options) implements EmbeddingModel {
    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        List<EmbeddingInput.Text> texts = segments.stream()
                .map(segment -> new EmbeddingInput.Text(segment.text()))
                .toList();
        List<org.jllm.api.Embedding> vectors = model.embed(texts, options);
        int tokens = vectors.stream().mapToInt(org.jllm.api.Embedding::tokens).sum();
        return Response.from(
                vectors.stream().map(vector -> Embedding.from(vector.vector())).toList(), new TokenUsage(tokens));
    }

    @Override
    public int dimension() {
        return model.dimensions();
    }

    @Override
    public String modelName() {
        return model.name();
    }

    /** Ranks ten sentences with LangChain4j's own means. */
    static void run(org.jllm.api.EmbeddingModel model, PrintStream out) {
        List<TextSegment> segments = Search.sentences().stream()
                .limit(10)
                .map(TextSegment::from)
                .toList();
        EmbeddingModel documents = new JllmEmbeddingModel(model, EmbeddingOptions.document());
        EmbeddingModel queries = new JllmEmbeddingModel(model, EmbeddingOptions.query());
        List<Embedding> vectors = documents.embedAll(segments).content();
        Embedding query = queries.embed(segments.get(3).text()).content();
        int best = vectors.stream()
                .max(Comparator.comparingDouble(vector -> CosineSimilarity.between(query, vector)))
                .map(vectors::indexOf)
                .orElseThrow();
        out.println("langchain4j: " + segments.get(best).text());
    }
}
