package org.jllm.api;

/** How alike vectors are. */
public final class Similarity {
    private Similarity() {}

    /**
     * The cosine of the angle between two vectors, -1 to 1; 0 where one of them has no length.
     *
     * @throws InvalidRequestException if they are not of one size
     */
    public static double cosine(float[] a, float[] b) {
        requireSameSize(a, b);
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

    /**
     * For each vector of the query its largest product with one of the document, and the sum of those (Khattab and Zaharia
     * 2020); 0 where the document has none.
     *
     * @throws InvalidRequestException if the vectors are not all of one size
     */
    public static double maxSim(float[][] query, float[][] document) {
        double sum = 0;
        for (float[] asked : query) {
            double best = Double.NEGATIVE_INFINITY;
            for (float[] found : document) {
                requireSameSize(asked, found);
                double product = 0;
                for (int i = 0; i < asked.length; i++) {
                    product += (double) asked[i] * found[i];
                }
                best = Math.max(best, product);
            }
            sum += document.length == 0 ? 0 : best;
        }
        return sum;
    }

    private static void requireSameSize(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new InvalidRequestException(
                    "vectors of " + a.length + " and " + b.length + " numbers cannot be compared");
        }
    }
}
