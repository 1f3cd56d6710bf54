package org.jllm.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jllm.api.Ranking;
import org.jspecify.annotations.Nullable;

/**
 * The body of a reply of {@code POST /rerank}: the documents, the best first.
 *
 * @param queryTruncated absent unless the query was cut
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RerankReply(
        String id,
        String model,
        List<Result> results,
        @Nullable Boolean queryTruncated,
        EmbeddingReply.Usage usage) {
    /**
     * A document's place in the order.
     *
     * @param document absent unless it was asked for
     * @param truncated absent unless it was cut
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(
            int index,
            double relevanceScore,
            @Nullable Document document,
            @Nullable Boolean truncated) {}

    record Document(String text) {}

    static RerankReply of(Ranking ranking, RerankRequest request, String model) {
        List<Result> results = ranking.documents().stream()
                .limit(request.top())
                .map(each -> new Result(
                        each.index(),
                        each.score(),
                        request.returnDocuments()
                                ? new Document(request.documents().get(each.index()))
                                : null,
                        whenTrue(each.truncated())))
                .toList();
        long tokens = ranking.tokens();
        return new RerankReply(
                ReplyHead.of("rerank-", model, false).id(),
                model,
                results,
                whenTrue(ranking.queryTruncated()),
                new EmbeddingReply.Usage(tokens, tokens));
    }

    private static @Nullable Boolean whenTrue(boolean flag) {
        return flag ? Boolean.TRUE : null;
    }
}
