package org.jllm.generation;

/**
 * The exponential function of many numbers. Only additions and multiplications, without a branch: the compiler
 * can make vector instructions of them, which {@link Math#exp} does not become.
 */
final class Exponentials {
    /** Below this the result is 0. */
    static final double LEAST = -2000;

    private static final int SQUARINGS = 10;
    private static final double PART = 1.0 / (1 << SQUARINGS);

    private Exponentials() {}

    /**
     * Replaces numbers by their exponentials, of which 1 is exact; down to −50 the others are wrong by less than 1e-11 of
     * themselves.
     *
     * @param values the first {@code count} of them from {@link #LEAST} to 0
     */
    static void replace(double[] values, int count) {
        for (int i = 0; i < count; i++) {
            // exp(x) = exp(x / 1024) ^ 1024; the first is a series that ends soon.
            double x = values[i] * PART;
            double y = 1 + x * (1.0 / 7);
            y = 1 + x * (1.0 / 6) * y;
            y = 1 + x * (1.0 / 5) * y;
            y = 1 + x * (1.0 / 4) * y;
            y = 1 + x * (1.0 / 3) * y;
            y = 1 + x * (1.0 / 2) * y;
            y = 1 + x * y;
            y *= y;
            y *= y;
            y *= y;
            y *= y;
            y *= y;
            y *= y;
            y *= y;
            y *= y;
            y *= y;
            y *= y;
            values[i] = y;
        }
    }
}
