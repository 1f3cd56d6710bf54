package org.jllm.encoding;

/** The cosine of the angle between two vectors. */
public final class Cosine {
    private Cosine() {}

    /** -1 to 1; 0 where one of them has no length. */
    public static double of(float[] a, float[] b) {
        double product = 0;
        double lengthA = 0;
        double lengthB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            lengthA += (double) a[i] * a[i];
            lengthB += (double) b[i] * b[i];
        }
        return lengthA == 0 || lengthB == 0 ? 0 : product / Math.sqrt(lengthA * lengthB);
    }
}
