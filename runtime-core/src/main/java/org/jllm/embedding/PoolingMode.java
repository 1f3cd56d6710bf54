package org.jllm.embedding;

import java.util.Arrays;
import java.util.Optional;

/** How the hidden states of tokens become one vector, in the order in which several are put together. */
enum PoolingMode {
    /** The first token. */
    CLS("cls", "pooling_mode_cls_token"),
    /** The largest of each number over all tokens. */
    MAX("max", "pooling_mode_max_tokens"),
    MEAN("mean", "pooling_mode_mean_tokens"),
    /** The sum, divided by the square root of the number of tokens. */
    MEAN_SQRT_LEN("mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens"),
    /** The mean, in which the n-th token of the text counts n times. */
    WEIGHTED_MEAN("weightedmean", "pooling_mode_weightedmean_tokens"),
    /** The last token. */
    LAST("lasttoken", "pooling_mode_lasttoken"),
    /** What the encoder's own pooler makes of the first token. */
    POOLER("pooler", "");

    private final String key;
    private final String flag;

    PoolingMode(String key, String flag) {
        this.key = key;
        this.flag = flag;
    }

    /** As {@code pooling_mode} names it. */
    String key() {
        return key;
    }

    /** The flag of older configurations; empty if they have none. */
    String flag() {
        return flag;
    }

    static Optional<PoolingMode> of(String key) {
        return Arrays.stream(values())
                .filter(mode -> mode != POOLER && mode.key.equals(key))
                .findFirst();
    }

    /**
     * The vector of a text.
     *
     * @param rows hidden states of its tokens
     * @param first the first of them that counts; the others keep their places
     */
    float[] of(float[][] rows, int first) {
        return switch (this) {
            case CLS -> rows[first].clone();
            case LAST -> rows[rows.length - 1].clone();
            case MAX -> largest(rows, first);
            case MEAN -> sum(rows, first, false, rows.length - first);
            case MEAN_SQRT_LEN -> sum(rows, first, false, Math.sqrt(rows.length - first));
            case WEIGHTED_MEAN -> {
                double weights = (first + 1 + rows.length) * (rows.length - first) / 2.0;
                yield sum(rows, first, true, weights);
            }
            case POOLER -> throw new IllegalArgumentException("the pooler is part of the encoder");
        };
    }

    private static float[] largest(float[][] rows, int first) {
        float[] largest = rows[first].clone();
        for (int row = first + 1; row < rows.length; row++) {
            for (int i = 0; i < largest.length; i++) {
                largest[i] = Math.max(largest[i], rows[row][i]);
            }
        }
        return largest;
    }

    private static float[] sum(float[][] rows, int first, boolean byPlace, double divisor) {
        double[] sums = new double[rows[0].length];
        for (int row = first; row < rows.length; row++) {
            double weight = byPlace ? row + 1 : 1;
            for (int i = 0; i < sums.length; i++) {
                sums[i] += weight * rows[row][i];
            }
        }
        float[] result = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            result[i] = (float) (sums[i] / divisor);
        }
        return result;
    }
}
