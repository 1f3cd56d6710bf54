package org.jllm.torch;

import java.util.Arrays;

/** Arithmetic for slow references of models: rows of doubles, loops, nothing shared with the engine. */
final class ReferenceMath {
    private ReferenceMath() {}

    /** x: [rows, in], w: [out, in] row by row; the result is [rows, out]. */
    static double[][] product(double[][] x, float[] w, int out) {
        int in = x[0].length;
        double[][] y = new double[x.length][out];
        for (int row = 0; row < x.length; row++) {
            for (int o = 0; o < out; o++) {
                double sum = 0;
                for (int i = 0; i < in; i++) {
                    sum += x[row][i] * w[o * in + i];
                }
                y[row][o] = sum;
            }
        }
        return y;
    }

    static double[][] plus(double[][] a, double[][] b) {
        double[][] sum = new double[a.length][];
        for (int row = 0; row < a.length; row++) {
            sum[row] = a[row].clone();
            for (int i = 0; i < sum[row].length; i++) {
                sum[row][i] += b[row][i];
            }
        }
        return sum;
    }

    static double[][] plusBias(double[][] x, float[] bias) {
        double[][] sum = new double[x.length][];
        for (int row = 0; row < x.length; row++) {
            sum[row] = x[row].clone();
            for (int i = 0; i < bias.length; i++) {
                sum[row][i] += bias[i];
            }
        }
        return sum;
    }

    static double[][] embedded(float[] table, int width, int[] ids) {
        double[][] rows = new double[ids.length][width];
        for (int row = 0; row < ids.length; row++) {
            for (int i = 0; i < width; i++) {
                rows[row][i] = table[ids[row] * width + i];
            }
        }
        return rows;
    }

    static double[][] rmsNorm(double[][] x, float[] weight, double epsilon) {
        double[][] y = new double[x.length][];
        for (int row = 0; row < x.length; row++) {
            double scale = 1
                    / Math.sqrt(Arrays.stream(x[row])
                                    .map(value -> value * value)
                                    .average()
                                    .orElseThrow()
                            + epsilon);
            y[row] = x[row].clone();
            for (int i = 0; i < weight.length; i++) {
                y[row][i] *= scale * weight[i];
            }
        }
        return y;
    }

    static double[][] centred(double[][] x, double epsilon) {
        double[][] y = new double[x.length][];
        for (int row = 0; row < x.length; row++) {
            double mean = Arrays.stream(x[row]).average().orElseThrow();
            double variance = Arrays.stream(x[row])
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            y[row] = Arrays.stream(x[row])
                    .map(value -> (value - mean) / Math.sqrt(variance + epsilon))
                    .toArray();
        }
        return y;
    }

    static double[][] layerNorm(double[][] x, float[] weight, float[] bias, double epsilon) {
        double[][] y = centred(x, epsilon);
        for (double[] row : y) {
            for (int i = 0; i < row.length; i++) {
                row[i] = row[i] * weight[i] + bias[i];
            }
        }
        return y;
    }

    /** up * silu(gate) */
    static double[][] gated(double[][] up, double[][] gate) {
        double[][] y = new double[up.length][up[0].length];
        for (int row = 0; row < y.length; row++) {
            for (int i = 0; i < y[row].length; i++) {
                double g = gate[row][i];
                y[row][i] = up[row][i] * g / (1 + Math.exp(-g));
            }
        }
        return y;
    }

    /** Values {@code from} to {@code from + width - 1} of each row. */
    static double[][] columns(double[][] x, int from, int width) {
        return Arrays.stream(x)
                .map(row -> Arrays.copyOfRange(row, from, from + width))
                .toArray(double[][]::new);
    }

    /** How much pair {@code pair} of a head grows at a position. */
    interface Growth {
        double of(int position, int pair);
    }

    /** Turns pairs (i, i + turned / 2) of the first values of a head; the row is the position. */
    static double[][] turn(double[][] x, int turned, double theta, Growth growth) {
        double[][] y = new double[x.length][];
        int half = turned / 2;
        for (int position = 0; position < x.length; position++) {
            y[position] = x[position].clone();
            for (int i = 0; i < half; i++) {
                double angle = position * Math.pow(theta, -2.0 * i / turned);
                double grown = growth.of(position, i);
                double first = x[position][i];
                double second = x[position][i + half];
                y[position][i] = (first * Math.cos(angle) - second * Math.sin(angle)) * grown;
                y[position][i + half] = (second * Math.cos(angle) + first * Math.sin(angle)) * grown;
            }
        }
        return y;
    }

    /** One head: every position sees itself and those before it. The result is added to columns of {@code out}. */
    static void attend(double[][] q, double[][] k, double[][] v, double[][] out, int from) {
        int size = q[0].length;
        for (int row = 0; row < q.length; row++) {
            double[] weights = new double[row + 1];
            double most = Double.NEGATIVE_INFINITY;
            for (int seen = 0; seen <= row; seen++) {
                for (int i = 0; i < size; i++) {
                    weights[seen] += q[row][i] * k[seen][i] / Math.sqrt(size);
                }
                most = Math.max(most, weights[seen]);
            }
            double sum = 0;
            for (int seen = 0; seen <= row; seen++) {
                weights[seen] = Math.exp(weights[seen] - most);
                sum += weights[seen];
            }
            for (int seen = 0; seen <= row; seen++) {
                for (int i = 0; i < size; i++) {
                    out[row][from + i] += weights[seen] / sum * v[seen][i];
                }
            }
        }
    }
}
