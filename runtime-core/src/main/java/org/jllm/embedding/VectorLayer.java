package org.jllm.embedding;

/** What follows the pooling. Immutable. */
interface VectorLayer {
    /** Another vector; the given one may be changed. */
    float[] apply(float[] vector);

    /**
     * Numbers of its result.
     *
     * @throws org.jllm.api.InvalidModelException if it does not take vectors of so many
     */
    int width(int given);
}
