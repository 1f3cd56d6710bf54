package org.jllm.embedding;

import java.nio.file.Path;
import org.jllm.api.InvalidModelException;

/** A layer norm over the numbers of a vector. */
final class NormLayer implements VectorLayer {
    /** PyTorch's default, which the reference leaves as it is. */
    private static final double EPSILON = 1e-5;

    private final String name;
    private final float[] weight;
    private final float[] bias;

    private NormLayer(String name, float[] weight, float[] bias) {
        this.name = name;
        this.weight = weight;
        this.bias = bias;
    }

    /** @throws InvalidModelException if the folder has not the weights of one */
    static NormLayer read(Path folder) {
        LayerWeights weights = LayerWeights.open(folder);
        float[] weight = weights.vector("norm.weight");
        return new NormLayer(folder.toString(), weight, weights.vector("norm.bias", weight.length));
    }

    @Override
    public float[] apply(float[] vector) {
        double mean = 0;
        for (float value : vector) {
            mean += value;
        }
        mean /= vector.length;
        double variance = 0;
        for (float value : vector) {
            variance += (value - mean) * (value - mean);
        }
        double deviation = Math.sqrt(variance / vector.length + EPSILON);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) ((vector[i] - mean) / deviation * weight[i] + bias[i]);
        }
        return vector;
    }

    @Override
    public int width(int given) {
        if (given != weight.length) {
            throw new InvalidModelException(
                    name + " takes vectors of " + weight.length + " numbers, but what comes before gives " + given);
        }
        return given;
    }
}
