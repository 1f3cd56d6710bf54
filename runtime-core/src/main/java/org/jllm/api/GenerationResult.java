package org.jllm.api;

import java.time.Duration;
import java.util.List;

/**
 * A finished generation.
 *
 * @param text the whole text, without stop strings
 * @param promptTokens tokens of the prompt, special tokens included
 * @param cachedTokens those of them that were found in a cache
 * @param completionTokens tokens that were generated, an end-of-sequence token included
 * @param timeToFirstToken from the request to the first token; zero if there was none
 * @param total from the request to the last token
 * @param promptLogprobs of the prompt's tokens; empty if they were not asked for
 */
public record GenerationResult(
        String text,
        FinishReason finishReason,
        int promptTokens,
        int cachedTokens,
        int completionTokens,
        Duration timeToFirstToken,
        Duration total,
        List<TokenLogprob> promptLogprobs) {
    public GenerationResult {
        promptLogprobs = List.copyOf(promptLogprobs);
    }
}
