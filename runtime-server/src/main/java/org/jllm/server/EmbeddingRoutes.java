package org.jllm.server;

import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.EmbeddingOutcome;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.Ranking;
import org.jllm.api.Ranking.RankedDocument;
import org.jllm.api.Reranker;
import org.jllm.api.UnavailableException;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/embeddings} and {@code POST /rerank}. The texts of all requests are computed together by the model. */
final class EmbeddingRoutes {
    /** Documents that are ranked in one go. */
    private static final int PIECE = 256;

    private final OpenAiRoutes routes;
    private final RequestLimits limits;
    private final @Nullable Duration deadline;
    private final EmbeddingMeter meter;

    /** @param deadline how long the texts of a request may take; null: as long as they need */
    EmbeddingRoutes(OpenAiRoutes routes, RequestLimits limits, @Nullable Duration deadline, EmbeddingMeter meter) {
        this.routes = routes;
        this.limits = limits;
        this.deadline = deadline;
        this.meter = meter;
    }

    /** A computation that may be given up between texts. */
    private record Work(
            ServedModel.Vectors served,
            ClientConnection client,
            long begin,
            @Nullable Duration deadline) {
        EmbeddingModel model() {
            return served.model();
        }

        Duration time() {
            return Duration.ofNanos(System.nanoTime() - begin);
        }

        /** @throws UnavailableException if nobody waits for the answer any more, or it takes too long */
        void check() {
            served.check();
            if (client.isGone()) {
                throw new UnavailableException("the client has gone");
            }
            if (deadline != null && time().compareTo(deadline) > 0) {
                throw new UnavailableException("the request took longer than its deadline of " + deadline);
            }
        }
    }

    /** Makes the reply of a request. */
    private interface Computation<R> {
        R run(Work work);
    }

    void embed(Context context) {
        EmbeddingRequest request = EmbeddingRequest.parse(routes.body(context), limits);
        String id = routes.offered(request.model());
        EmbeddingReply reply = compute(context, request.model(), work -> {
            check(request, work.model(), id);
            List<Embedding> embeddings = embeddings(request, work);
            EmbeddingReply whole = EmbeddingReply.of(embeddings, request.base64(), id);
            meter.embedded(id, embeddings.size(), whole.usage().totalTokens(), work.time());
            return whole;
        });
        OpenAiRoutes.json(context, 200, reply);
    }

    void rerank(Context context) {
        RerankRequest request = RerankRequest.parse(routes.body(context), limits);
        String id = routes.offered(request.model());
        RerankReply reply = compute(context, request.model(), work -> {
            Ranking ranking = rank(request, work);
            RerankReply whole = RerankReply.of(ranking, request, id);
            meter.embedded(id, request.documents().size() + 1, whole.usage().totalTokens(), work.time());
            return whole;
        });
        OpenAiRoutes.json(context, 200, reply);
    }

    private <R> R compute(Context context, String name, Computation<R> computation) {
        ClientConnection client = new ClientConnection(context);
        try (ModelHost.Lease lease = routes.acquire(name, ServedModel.Kind.VECTORS)) {
            ServedModel.Vectors served = (ServedModel.Vectors) lease.served();
            try {
                return computation.run(new Work(served, client, System.nanoTime(), deadline));
            } catch (ApiException e) {
                throw e;
            } catch (RuntimeException e) {
                if (!client.isGone()) {
                    meter.failed(routes.offered(name));
                }
                throw e;
            }
        }
    }

    private static void check(EmbeddingRequest request, EmbeddingModel model, String id) {
        if (model.lateInteraction()) {
            throw ApiException.field(
                    "model", "'" + id + "' makes a vector of each token and none of a text: use /rerank");
        }
        Integer dimensions = request.dimensions();
        if (dimensions != null && dimensions > model.dimensions()) {
            throw ApiException.field(
                    "dimensions",
                    "must be from 1 to the " + model.dimensions() + " that " + id + " makes, not " + dimensions);
        }
    }

    private static List<Embedding> embeddings(EmbeddingRequest request, Work work) {
        EmbeddingOptions options = EmbeddingOptions.defaults().withTruncate(false);
        if (request.dimensions() != null) {
            options = options.withDimensions(request.dimensions()).withNormalize(true);
        }
        List<Embedding> embeddings = new ArrayList<>();
        Iterator<? extends EmbeddingInput> texts = request.inputs().iterator();
        Iterator<EmbeddingOutcome<Embedding>> outcomes = work.model().embedAll(texts, options);
        while (outcomes.hasNext()) {
            work.check();
            embeddings.add(embedding(outcomes.next(), request));
        }
        return embeddings;
    }

    /** What is wrong with a text is a matter of the field that holds it. */
    private static Embedding embedding(EmbeddingOutcome<Embedding> outcome, EmbeddingRequest request) {
        try {
            return outcome.orThrow();
        } catch (InvalidRequestException e) {
            String field = request.inputs().size() > 1 ? "input[" + outcome.index() + "]" : "input";
            throw ApiException.field(field, "cannot be embedded: " + e.getMessage());
        }
    }

    /** Ranks the documents piece by piece, between which the computation may be given up. */
    private static Ranking rank(RerankRequest request, Work work) {
        List<String> documents = request.documents();
        Reranker reranker = work.model().reranker();
        List<RankedDocument> ranked = new ArrayList<>();
        int queryTokens = 0;
        boolean queryTruncated = false;
        for (int first = 0; first < documents.size(); first += PIECE) {
            work.check();
            Ranking piece = rank(reranker, request.query(), documents, first);
            queryTokens = piece.queryTokens();
            queryTruncated = piece.queryTruncated();
            for (RankedDocument each : piece.documents()) {
                ranked.add(new RankedDocument(first + each.index(), each.score(), each.tokens(), each.truncated()));
            }
        }
        ranked.sort(Comparator.comparingDouble((RankedDocument document) -> -document.score())
                .thenComparingInt(RankedDocument::index));
        return new Ranking(ranked, queryTokens, queryTruncated);
    }

    private static Ranking rank(Reranker reranker, String query, List<String> documents, int first) {
        try {
            return reranker.rank(query, documents.subList(first, Math.min(first + PIECE, documents.size())));
        } catch (InvalidRequestException e) {
            throw ApiException.field("documents", "or query cannot be ranked: " + e.getMessage());
        }
    }
}
