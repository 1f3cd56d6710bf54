package org.jllm.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jllm.api.TextChunk;
import org.jllm.api.TokenLogprob;
import org.jspecify.annotations.Nullable;

/** Writes {@code chat.completion} and {@code chat.completion.chunk}. */
record ChatFormat(ReplyHead head, boolean withLogprobs) implements ReplyFormat {
    record Reply(
            String id,
            String object,
            long created,
            String model,
            List<?> choices,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Object usage,

            @Nullable String systemFingerprint) {}

    record Message(String role, String content, @Nullable String refusal) {}

    record WholeChoice(int index, Message message, @Nullable Logprobs logprobs, String finishReason) {}

    /** Null components are left out. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(@Nullable String role, @Nullable String content) {}

    record DeltaChoice(
            int index,
            Delta delta,
            @Nullable Logprobs logprobs,
            @Nullable String finishReason) {}

    record Logprobs(List<Token> content, @Nullable List<Token> refusal) {}

    record Token(
            String token,
            double logprob,
            List<Integer> bytes,
            @Nullable List<Top> topLogprobs) {}

    record Top(String token, double logprob, List<Integer> bytes) {}

    @Override
    public List<Object> first(int choice) {
        return List.of(chunk(choice, new Delta("assistant", ""), null, null));
    }

    @Override
    public Object delta(int choice, TextChunk chunk) {
        return chunk(choice, new Delta(null, chunk.text()), logprobs(chunk.logprobs()), null);
    }

    @Override
    public Object last(int choice, String finishReason) {
        return chunk(choice, new Delta(null, null), null, finishReason);
    }

    private Object chunk(int choice, Delta delta, @Nullable Logprobs logprobs, @Nullable String finishReason) {
        return reply(
                "chat.completion.chunk",
                List.of(new DeltaChoice(choice, delta, logprobs, finishReason)),
                head.noUsage());
    }

    @Override
    public Object usage(Usage usage) {
        return reply("chat.completion.chunk", List.of(), usage);
    }

    @Override
    public Object whole(List<Choice> choices, Usage usage) {
        List<WholeChoice> written = new java.util.ArrayList<>();
        for (Choice choice : choices) {
            written.add(new WholeChoice(
                    written.size(),
                    new Message("assistant", choice.result().text(), null),
                    logprobs(choice.logprobs()),
                    ReplyFormat.finishReason(choice.result())));
        }
        return reply("chat.completion", written, usage);
    }

    private Reply reply(String object, List<?> choices, @Nullable Object usage) {
        return new Reply(head.id(), object, head.created(), head.model(), choices, usage, null);
    }

    private @Nullable Logprobs logprobs(List<TokenLogprob> tokens) {
        if (!withLogprobs) {
            return null;
        }
        return new Logprobs(tokens.stream().map(ChatFormat::token).toList(), null);
    }

    private static Token token(TokenLogprob token) {
        List<Top> top = token.top().stream()
                .map(each -> new Top(each.token(), each.logprob(), each.bytes()))
                .toList();
        return new Token(token.token(), token.logprob(), token.bytes(), top);
    }
}
