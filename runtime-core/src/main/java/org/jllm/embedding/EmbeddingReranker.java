package org.jllm.embedding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.EmbeddingOutcome;
import org.jllm.api.EmbeddingResult;
import org.jllm.api.Ranking;
import org.jllm.api.Ranking.RankedDocument;
import org.jllm.api.Reranker;
import org.jllm.api.TokenEmbeddings;

/** Sorts documents by comparing what a model makes of them with what it makes of the query. */
final class EmbeddingReranker<R extends EmbeddingResult> implements Reranker {
    private final Embedder<R> embedder;
    private final ToDoubleBiFunction<R, R> score;

    /** Makes results of texts. */
    private interface Embedder<R> {
        Iterator<EmbeddingOutcome<R>> embed(Iterator<EmbeddingInput.Text> texts, EmbeddingOptions options);
    }

    private EmbeddingReranker(Embedder<R> embedder, ToDoubleBiFunction<R, R> score) {
        this.embedder = embedder;
        this.score = score;
    }

    /** By the cosine of the vectors of whole texts, or by those of their tokens. */
    static Reranker of(EmbeddingModel model) {
        return model.lateInteraction()
                ? new EmbeddingReranker<>(model::embedAllTokens, TokenEmbeddings::maxSim)
                : new EmbeddingReranker<>(model::embedAll, Embedding::cosine);
    }

    @Override
    public Ranking rank(String query, List<String> documents) {
        R asked = embed(List.of(query), EmbeddingOptions.query()).next().orThrow();
        List<RankedDocument> ranked = new ArrayList<>();
        embed(documents, EmbeddingOptions.document()).forEachRemaining(outcome -> {
            R document = outcome.orThrow();
            ranked.add(new RankedDocument(
                    ranked.size(), score.applyAsDouble(asked, document), document.tokens(), document.truncated()));
        });
        ranked.sort(Comparator.comparingDouble((RankedDocument document) -> -document.score()));
        return new Ranking(ranked, asked.tokens(), asked.truncated());
    }

    private Iterator<EmbeddingOutcome<R>> embed(List<String> texts, EmbeddingOptions options) {
        return embedder.embed(texts.stream().map(EmbeddingInput.Text::new).iterator(), options);
    }
}
