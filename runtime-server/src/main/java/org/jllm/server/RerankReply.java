package org.jllm.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jllm.api.Ranking;
import org.jspecify.annotations.Nullable;

/** The body of a reply of {@code POST /rerank}: the documents, the best first. */
record RerankReply(String id, String model, List<Result> results, EmbeddingReply.Usage usage) {
    /** @param document absent unless it was asked for */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(
            int index, double relevanceScore, @Nullable Document document) {}

    record Document(String text) {}

    static RerankReply of(Ranking ranking, RerankRequest request, String model) {
        List<Result> results = ranking.documents().stream()
                .limit(request.top())
                .map(each -> new Result(
                        each.index(),
                        each.score(),
                        request.returnDocuments()
                                ? new Document(request.documents().get(each.index()))
                                : null))
                .toList();
        long tokens = ranking.tokens();
        return new RerankReply(
                ReplyHead.of("rerank-", model, false).id(), model, results, new EmbeddingReply.Usage(tokens, tokens));
    }
}
