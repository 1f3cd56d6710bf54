package org.jllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.GenerationOptions;
import org.jllm.api.Prompt;
import org.jllm.api.PromptScoring;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/completions}.
 *
 * @param echo whether each answer begins with its prompt
 * @param scoring {@code ONLY} where nothing is to be generated
 */
record CompletionRequest(
        ReplyOptions reply, List<Prompt> prompts, GenerationOptions options, boolean echo, PromptScoring scoring) {
    private static final int MOST_LOGPROBS = 5;

    static CompletionRequest parse(Fields fields, RequestLimits limits) {
        String model = fields.required("model", fields.text("model"));
        List<Prompt> prompts = prompts(fields.required("prompt", fields.value("prompt")), limits);
        fields.refuse(List.of("suffix", "best_of"));
        boolean echo = fields.flag("echo");
        boolean stream = fields.flag("stream");
        Integer n = fields.integer("n", 1, limits.choices());
        int choices = n == null ? 1 : n;
        SamplingFields.atMost("n", (long) choices * prompts.size(), limits.choices(), "choices with these prompts");
        Integer logprobs = fields.integer("logprobs", 0, MOST_LOGPROBS);
        if (stream && echo && logprobs != null) {
            throw ApiException.field("echo", "with logprobs cannot be streamed: leave out stream");
        }
        Integer maxTokens = fields.integer("max_tokens", echo ? 0 : 1, limits.maxTokens());
        boolean nothing = maxTokens != null && maxTokens == 0;
        ReplyOptions reply =
                new ReplyOptions(model, choices, stream, SamplingFields.includeUsage(fields, stream), logprobs);
        GenerationOptions options = SamplingFields.read(fields, limits, nothing ? null : maxTokens);
        fields.ignore(SamplingFields.IGNORED);
        fields.end();
        return new CompletionRequest(reply, prompts, options, echo, scoring(nothing, echo, logprobs));
    }

    private static PromptScoring scoring(boolean nothing, boolean echo, @Nullable Integer logprobs) {
        if (nothing) {
            return PromptScoring.ONLY;
        }
        return echo && logprobs != null ? PromptScoring.WITH_ANSWER : PromptScoring.NONE;
    }

    private static List<Prompt> prompts(JsonNode value, RequestLimits limits) {
        List<Prompt> prompts = new ArrayList<>();
        if (value.isTextual() || (value.isArray() && value.path(0).isNumber())) {
            prompts.add(prompt(value));
        } else if (value.isArray() && !value.isEmpty()) {
            SamplingFields.atMost("prompt", value.size(), limits.choices(), "prompts");
            value.forEach(each -> prompts.add(prompt(each)));
        } else {
            throw wrong(value);
        }
        long chars = prompts.stream()
                .mapToLong(prompt ->
                        prompt instanceof Prompt.Text text ? text.text().length() : 0)
                .sum();
        SamplingFields.atMost("prompt", chars, limits.chars(), "characters");
        return prompts;
    }

    private static Prompt prompt(JsonNode value) {
        if (value.isTextual()) {
            return new Prompt.Text(Fields.text(value, "prompt"));
        }
        if (!value.isArray() || value.isEmpty()) {
            throw wrong(value);
        }
        return new Prompt.Tokens(ids(value, "prompt"));
    }

    /** A list of token ids. */
    static int[] ids(JsonNode value, String name) {
        int[] ids = new int[value.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Fields.integer(value.get(i), name + "[" + i + "]");
        }
        return ids;
    }

    private static ApiException wrong(JsonNode value) {
        return Fields.wrong(
                "prompt", "a string, a list of strings, a list of token ids or a list of such lists", value);
    }
}
