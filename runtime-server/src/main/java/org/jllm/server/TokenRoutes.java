package org.jllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import java.util.List;
import java.util.stream.IntStream;
import org.jllm.api.LanguageModel;
import org.jllm.api.Prompt;

/** {@code POST /tokenize} and {@code POST /detokenize}. */
final class TokenRoutes {
    private final OpenAiRoutes routes;
    private final RequestLimits limits;

    record Tokens(List<Integer> tokens, int count, int maxModelLen) {}

    record Text(String prompt) {}

    TokenRoutes(OpenAiRoutes routes, RequestLimits limits) {
        this.routes = routes;
        this.limits = limits;
    }

    void tokenize(Context context) {
        Fields fields = routes.body(context);
        String name = fields.required("model", fields.text("model"));
        JsonNode chat = fields.value("messages");
        String text = fields.text("prompt");
        fields.end();
        if ((chat == null) == (text == null)) {
            throw ApiException.field("prompt", "or messages must be given, one of them");
        }
        Prompt prompt = text != null
                ? new Prompt.Text(text)
                : new Prompt.Chat(ChatRequest.messages(java.util.Objects.requireNonNull(chat), limits));
        try (ModelHost.Lease lease = routes.acquire(name)) {
            LanguageModel model = lease.model();
            int[] ids = model.tokenize(prompt);
            OpenAiRoutes.json(
                    context, 200, new Tokens(IntStream.of(ids).boxed().toList(), ids.length, model.contextLength()));
        }
    }

    void detokenize(Context context) {
        Fields fields = routes.body(context);
        String name = fields.required("model", fields.text("model"));
        JsonNode tokens = fields.required("tokens", fields.value("tokens"));
        fields.end();
        if (!tokens.isArray()) {
            throw Fields.wrong("tokens", "a list of token ids", tokens);
        }
        int[] ids = CompletionRequest.ids(tokens, "tokens");
        try (ModelHost.Lease lease = routes.acquire(name)) {
            OpenAiRoutes.json(context, 200, new Text(lease.model().detokenize(ids)));
        }
    }
}
