package org.jllm.api;

import java.util.List;

/**
 * The next part of a text that is being generated.
 *
 * @param text whole characters; empty only where it is the last chunk and carries the log-probabilities of tokens
 *     without text
 * @param logprobs of the tokens that begin in this part; empty if none were asked for
 */
public record TextChunk(String text, List<TokenLogprob> logprobs) {
    public TextChunk {
        logprobs = List.copyOf(logprobs);
    }
}
