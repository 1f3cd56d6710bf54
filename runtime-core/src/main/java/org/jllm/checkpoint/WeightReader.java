package org.jllm.checkpoint;

/** Reads the numbers of weights in their own type, whole and row by row. */
@FunctionalInterface
public interface WeightReader {
    /**
     * Hands over all numbers of a weight.
     *
     * @throws org.jllm.api.InvalidModelException if a file cannot be read, or ends early
     */
    void read(Weight weight, TensorReader.Parts parts);
}
