package org.jllm.encoding;

/** Logits to probabilities. */
final class Probabilities {
    private Probabilities() {}

    /** Of all together 1. */
    static double[] softmax(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] values = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            values[i] = Math.exp(logits[i] - largest);
            sum += values[i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= sum;
        }
        return values;
    }

    /** Each by itself. */
    static double[] sigmoid(float[] logits) {
        double[] values = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            values[i] = 1 / (1 + Math.exp(-logits[i]));
        }
        return values;
    }
}
