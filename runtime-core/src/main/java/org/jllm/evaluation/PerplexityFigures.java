package org.jllm.evaluation;

import org.jspecify.annotations.Nullable;

/**
 * How well a model predicts a text.
 *
 * @param tokens that were predicted: all of the text but the first, which is BOS where the tokenizer writes one
 * @param windows that it took
 * @param negativeLogLikelihood in nats per token
 * @param seconds from the first step to the last prediction; those of the reference, if there is one, included
 * @param divergence from the reference; null: there is none
 */
public record PerplexityFigures(
        int tokens,
        int windows,
        double negativeLogLikelihood,
        double seconds,
        @Nullable Divergence divergence) {
    /** The exponential of the negative log-likelihood per token. */
    public double perplexity() {
        return Math.exp(negativeLogLikelihood);
    }

    /**
     * Bits that the model needs for each unit of the text.
     *
     * @param units bytes or characters of the whole text, at least 1
     */
    public double bitsPer(long units) {
        return negativeLogLikelihood * tokens / Math.log(2) / units;
    }

    public double tokensPerSecond() {
        return tokens / seconds;
    }
}
