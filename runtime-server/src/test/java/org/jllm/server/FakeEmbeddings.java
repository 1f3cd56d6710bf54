package org.jllm.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.EmbeddingOutcome;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.Ranking;
import org.jllm.api.Reranker;
import org.jllm.api.TokenEmbeddings;

/** Its tokens are characters, and a vector is the first, the last and the number of them, and 1. */
final class FakeEmbeddings implements EmbeddingModel {
    static final int MOST_TOKENS = 20;
    static final int DIMENSIONS = 4;

    private final String name;
    private final boolean lateInteraction;
    private final Runnable closing;

    FakeEmbeddings(String name, boolean lateInteraction, Runnable closing) {
        this.name = name;
        this.lateInteraction = lateInteraction;
        this.closing = closing;
    }

    static float[] vector(int... ids) {
        return new float[] {ids[0], ids[ids.length - 1], ids.length, 1};
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int dimensions() {
        return DIMENSIONS;
    }

    @Override
    public int maxTokens() {
        return MOST_TOKENS;
    }

    @Override
    public Map<String, String> prompts() {
        return Map.of();
    }

    @Override
    public boolean lateInteraction() {
        return lateInteraction;
    }

    @Override
    public List<Embedding> embed(List<? extends EmbeddingInput> texts, EmbeddingOptions options) {
        List<Embedding> embeddings = new ArrayList<>();
        embedAll(texts.iterator(), options).forEachRemaining(outcome -> embeddings.add(outcome.orThrow()));
        return embeddings;
    }

    @Override
    public Iterator<EmbeddingOutcome<Embedding>> embedAll(
            Iterator<? extends EmbeddingInput> texts, EmbeddingOptions options) {
        Iterable<EmbeddingInput> all = () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return texts.hasNext();
            }

            @Override
            public EmbeddingInput next() {
                return texts.next();
            }
        };
        long[] index = {0};
        Stream<EmbeddingOutcome<Embedding>> outcomes =
                StreamSupport.stream(all.spliterator(), false).map(text -> outcome(index[0]++, text, options));
        return outcomes.iterator();
    }

    private static EmbeddingOutcome<Embedding> outcome(long index, EmbeddingInput text, EmbeddingOptions options) {
        int[] ids = text instanceof EmbeddingInput.Text written
                ? written.text().codePoints().toArray()
                : ((EmbeddingInput.Tokens) text).ids();
        if (ids.length > MOST_TOKENS && !options.truncate()) {
            return new EmbeddingOutcome<>(
                    index, null, new InvalidRequestException("the text has " + ids.length + " tokens"));
        }
        float[] vector = vector(ids);
        if (options.dimensions() != null) {
            vector = Arrays.copyOf(vector, options.dimensions());
        }
        if (Boolean.TRUE.equals(options.normalize())) {
            double length = 0;
            for (float value : vector) {
                length += value * value;
            }
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) (vector[i] / Math.sqrt(length));
            }
        }
        return new EmbeddingOutcome<>(index, new Embedding(vector, ids.length, false), null);
    }

    @Override
    public List<TokenEmbeddings> embedTokens(List<? extends EmbeddingInput> texts, EmbeddingOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Iterator<EmbeddingOutcome<TokenEmbeddings>> embedAllTokens(
            Iterator<? extends EmbeddingInput> texts, EmbeddingOptions options) {
        throw new UnsupportedOperationException();
    }

    /** The longest documents first. */
    @Override
    public Reranker reranker() {
        return (query, documents) -> {
            List<Ranking.RankedDocument> ranked = new ArrayList<>();
            for (String document : documents) {
                ranked.add(new Ranking.RankedDocument(
                        ranked.size(), document.length(), document.length(), document.length() > MOST_TOKENS));
            }
            ranked.sort((a, b) -> Double.compare(b.score(), a.score()));
            return new Ranking(ranked, query.length(), false);
        };
    }

    @Override
    public void close() {
        closing.run();
    }
}
