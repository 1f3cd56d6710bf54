package org.jllm.evaluation;

/**
 * How far a model's predictions are from those of a reference on the same tokens.
 *
 * @param mean of the Kullback–Leibler divergence of the model from the reference over all predictions, in nats: what the
 *     reference's probabilities make of the difference of both log-probabilities
 * @param largest of them
 * @param sameTop share of the predictions whose likeliest token is the same, 0 to 1
 * @param referenceNegativeLogLikelihood of the reference, in nats per token
 */
public record Divergence(double mean, double largest, double sameTop, double referenceNegativeLogLikelihood) {
    /** The perplexity of the reference. */
    public double referencePerplexity() {
        return Math.exp(referenceNegativeLogLikelihood);
    }
}
