package org.jllm.server;

/**
 * The most that one request may ask for.
 *
 * @param messages of a chat
 * @param choices answers in all: prompts × {@code n}
 * @param stops stop strings
 * @param stopChars chars of one stop string
 * @param biases entries of {@code logit_bias}
 * @param maxTokens the greatest {@code max_tokens}
 * @param chars chars of all texts of a prompt together
 */
record RequestLimits(int messages, int choices, int stops, int stopChars, int biases, int maxTokens, int chars) {
    static RequestLimits defaults() {
        return new RequestLimits(2048, 64, 16, 1000, 1024, 1_000_000, 8_000_000);
    }
}
