package org.jllm.api;

import java.time.Duration;

/**
 * A finished generation.
 *
 * @param text the whole text, without stop strings
 * @param promptTokens tokens of the prompt, special tokens included
 * @param completionTokens tokens that were generated, an end-of-sequence token included
 * @param timeToFirstToken from the request to the first token
 * @param total from the request to the last token
 */
public record GenerationResult(
        String text,
        FinishReason finishReason,
        int promptTokens,
        int completionTokens,
        Duration timeToFirstToken,
        Duration total) {}
