package org.jllm.server;

import java.util.List;
import org.jllm.api.GenerationResult;
import org.jllm.api.TextChunk;
import org.jllm.api.TokenLogprob;

/** How an endpoint writes what was generated. Each method returns an object for {@link Json#bytes}. */
interface ReplyFormat {
    /** What a choice's stream begins with; empty for nothing. */
    List<Object> first(int choice);

    /** A part of a choice's text. */
    Object delta(int choice, TextChunk chunk);

    /** The end of a choice's stream. */
    Object last(int choice, String finishReason);

    /** The end of all choices' streams, where the usage was asked for. */
    Object usage(Usage usage);

    /** All choices at once. */
    Object whole(List<Choice> choices, Usage usage);

    /** A finished answer. */
    record Choice(GenerationResult result, List<TokenLogprob> logprobs) {}

    /** Why an answer ended, in the protocol's words. */
    static String finishReason(GenerationResult result) {
        return switch (result.finishReason()) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CANCELLED ->
                throw new ApiException(503, "the generation was cancelled: try again", null, "unavailable");
        };
    }
}
