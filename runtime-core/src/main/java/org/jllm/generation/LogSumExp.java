package org.jllm.generation;

/** The logarithm of the sum of exponentials of logits: a logit minus it is the natural logarithm of a probability. */
public final class LogSumExp {
    private LogSumExp() {}

    /**
     * Sums in double precision, relative to the largest logit, so that nothing overflows.
     *
     * @param count the first elements of {@code logits} that count, at least 1
     * @return NaN if a logit is NaN or positively infinite, or all are negatively infinite
     */
    public static double of(float[] logits, int count) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, logits[i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits[i] - largest);
        }
        return largest + Math.log(sum);
    }
}
