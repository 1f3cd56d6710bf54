package org.jllm.embedding;

/** Brings a vector to length 1; one without length stays as it is. */
final class UnitLayer implements VectorLayer {
    /** As the reference bounds the length. */
    private static final double LEAST = 1e-12;

    @Override
    public float[] apply(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double length = Math.max(Math.sqrt(squares), LEAST);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return vector;
    }

    @Override
    public int width(int given) {
        return given;
    }
}
