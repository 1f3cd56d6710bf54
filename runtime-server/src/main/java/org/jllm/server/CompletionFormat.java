package org.jllm.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.TextChunk;
import org.jllm.api.TokenLogprob;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code text_completion}.
 *
 * @param echoes the prompt of each choice, which its text begins with; empty if not asked for
 */
record CompletionFormat(ReplyHead head, boolean withLogprobs, List<String> echoes) implements ReplyFormat {
    record Reply(
            String id,
            String object,
            long created,
            String model,
            List<TextChoice> choices,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Object usage,

            @Nullable String systemFingerprint) {}

    record TextChoice(
            int index,
            String text,
            @Nullable Logprobs logprobs,
            @Nullable String finishReason) {}

    /** One entry per token; null where nothing stood before it. */
    record Logprobs(
            List<String> tokens,
            List<@Nullable Double> tokenLogprobs,
            List<@Nullable Map<String, Double>> topLogprobs,
            List<Integer> textOffset) {}

    @Override
    public List<Object> first(int choice) {
        return echoes.isEmpty() ? List.of() : List.of(chunk(choice, echoes.get(choice), List.of(), null));
    }

    @Override
    public Object delta(int choice, TextChunk chunk) {
        return chunk(choice, chunk.text(), chunk.logprobs(), null);
    }

    @Override
    public Object last(int choice, String finishReason) {
        return chunk(choice, "", List.of(), finishReason);
    }

    private Object chunk(int choice, String text, List<TokenLogprob> tokens, @Nullable String finishReason) {
        Logprobs logprobs = tokens.isEmpty() ? null : logprobs(List.of(), tokens, 0);
        return reply(List.of(new TextChoice(choice, text, logprobs, finishReason)), head.noUsage());
    }

    @Override
    public Object usage(Usage usage) {
        return reply(List.of(), usage);
    }

    @Override
    public Object whole(List<Choice> choices, Usage usage) {
        List<TextChoice> written = new ArrayList<>();
        for (Choice choice : choices) {
            int index = written.size();
            String echo = echoes.isEmpty() ? "" : echoes.get(index);
            Logprobs logprobs = withLogprobs
                    ? logprobs(
                            choice.result().promptLogprobs(), choice.logprobs(), echo.codePointCount(0, echo.length()))
                    : null;
            written.add(new TextChoice(
                    index, echo + choice.result().text(), logprobs, ReplyFormat.finishReason(choice.result())));
        }
        return reply(written, usage);
    }

    private Reply reply(List<TextChoice> choices, @Nullable Object usage) {
        return new Reply(head.id(), "text_completion", head.created(), head.model(), choices, usage, null);
    }

    private static Logprobs logprobs(List<TokenLogprob> prompt, List<TokenLogprob> answer, int answerOffset) {
        Logprobs logprobs = new Logprobs(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        prompt.forEach(token -> add(logprobs, token, 0));
        answer.forEach(token -> add(logprobs, token, answerOffset));
        return logprobs;
    }

    private static void add(Logprobs logprobs, TokenLogprob token, int offset) {
        logprobs.tokens().add(token.token());
        logprobs.tokenLogprobs().add(token.predicted() ? token.logprob() : null);
        logprobs.topLogprobs().add(token.predicted() ? top(token) : null);
        logprobs.textOffset().add(offset + token.textOffset());
    }

    /** The most probable tokens and the one that was taken, which need not be among them. */
    private static Map<String, Double> top(TokenLogprob token) {
        Map<String, Double> top = new LinkedHashMap<>();
        token.top().forEach(each -> top.putIfAbsent(each.token(), each.logprob()));
        top.putIfAbsent(token.token(), token.logprob());
        return top;
    }
}
