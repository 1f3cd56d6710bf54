package org.jllm.verify;

import org.jllm.generation.LogSumExp;

/** Logits to natural logarithms of probabilities. */
final class LogProbabilities {
    private LogProbabilities() {}

    static float[] of(float[] logits) {
        double normalizer = LogSumExp.of(logits, logits.length);
        float[] result = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            result[i] = (float) (logits[i] - normalizer);
        }
        return result;
    }
}
