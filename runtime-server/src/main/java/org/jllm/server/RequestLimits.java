package org.jllm.server;

/**
 * The most that one request may ask for.
 *
 * @param bodyBytes of a body
 * @param requests that are answered at the same time, so that there is always a thread to say that there are too many
 * @param messages of a chat
 * @param choices answers in all: prompts × {@code n}
 * @param stops stop strings
 * @param stopChars chars of one stop string
 * @param biases entries of {@code logit_bias}
 * @param maxTokens the greatest {@code max_tokens}
 * @param chars chars of all texts of a prompt together
 * @param texts that one request has embedded or ranked
 */
record RequestLimits(
        long bodyBytes,
        int requests,
        int messages,
        int choices,
        int stops,
        int stopChars,
        int biases,
        int maxTokens,
        int chars,
        int texts) {
    static RequestLimits defaults() {
        return of(4 << 20, 512);
    }

    static RequestLimits of(long bodyBytes, int requests) {
        return new RequestLimits(bodyBytes, requests, 2048, 64, 16, 1000, 1024, 1_000_000, 2_000_000, 2048);
    }
}
