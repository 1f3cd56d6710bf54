package org.jllm.evaluation;

import org.jllm.api.EngineException;
import org.jllm.generation.LogSumExp;

/** Sums over the predictions of a text, in double precision. */
final class Tally {
    private final int vocabularySize;
    private int tokens;
    private double loss;
    private double referenceLoss;
    private double divergence;
    private double largest;
    private int sameTop;

    Tally(int vocabularySize) {
        this.vocabularySize = vocabularySize;
    }

    /** Counts a prediction; returns the logarithm of the sum of exponentials of its logits. */
    double add(float[] logits, int token) {
        double normalizer = normalizer(logits, "the model");
        tokens++;
        loss += normalizer - logits[token];
        return normalizer;
    }

    /** Counts a prediction and that of the reference. */
    void add(float[] logits, float[] reference, int token) {
        double normalizer = add(logits, token);
        double referenceNormalizer = normalizer(reference, "the reference");
        referenceLoss += referenceNormalizer - reference[token];
        double sum = 0;
        int top = 0;
        int referenceTop = 0;
        for (int i = 0; i < vocabularySize; i++) {
            double logProbability = reference[i] - referenceNormalizer;
            double probability = Math.exp(logProbability);
            if (probability > 0) {
                sum += probability * (logProbability - (logits[i] - normalizer));
            }
            top = logits[i] > logits[top] ? i : top;
            referenceTop = reference[i] > reference[referenceTop] ? i : referenceTop;
        }
        // Rounding may leave a sum of nothing below zero.
        double positive = Math.max(0, sum);
        divergence += positive;
        largest = Math.max(largest, positive);
        if (top == referenceTop) {
            sameTop++;
        }
    }

    private double normalizer(float[] logits, String whose) {
        double normalizer = LogSumExp.of(logits, vocabularySize);
        if (Double.isNaN(normalizer)) {
            throw new EngineException("the logits of " + whose + " for token " + (tokens + 1)
                    + " of the text are not all numbers: its files are damaged, or its number type is too small (--dtype"
                    + " float32)");
        }
        return normalizer;
    }

    PerplexityFigures figures(int windows, boolean compared, double seconds) {
        Divergence difference = compared
                ? new Divergence(divergence / tokens, largest, (double) sameTop / tokens, referenceLoss / tokens)
                : null;
        return new PerplexityFigures(tokens, windows, loss / tokens, seconds, difference);
    }
}
