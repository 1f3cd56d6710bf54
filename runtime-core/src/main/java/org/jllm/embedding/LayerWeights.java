package org.jllm.embedding;

import java.nio.file.Path;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.FloatTensor;
import org.jllm.checkpoint.StoredTensor;

/**
 * The weights of a layer that follows the encoder, in a folder of its own.
 *
 * @param folder for errors
 */
record LayerWeights(Path folder, Checkpoint checkpoint) {
    /** @throws org.jllm.api.JllmException if there are none, or they cannot be read */
    static LayerWeights open(Path folder) {
        return new LayerWeights(folder, Checkpoint.open(folder));
    }

    /** A tensor of one dimension. */
    float[] vector(String name) {
        return read(name, 1);
    }

    /** A tensor of one dimension, of that size. */
    float[] vector(String name, int size) {
        float[] vector = vector(name);
        if (vector.length != size) {
            throw wrong(name, "has " + vector.length + " numbers instead of " + size);
        }
        return vector;
    }

    /** Sizes of a matrix: outputs, inputs. */
    int[] shape(String name) {
        List<Long> shape = tensor(name, 2).shape();
        return new int[] {shape.get(0).intValue(), shape.get(1).intValue()};
    }

    /** A matrix, row by row. */
    float[] matrix(String name) {
        return read(name, 2);
    }

    private float[] read(String name, int dimensions) {
        return FloatTensor.read(tensor(name, dimensions));
    }

    private StoredTensor tensor(String name, int dimensions) {
        StoredTensor tensor = checkpoint.tensors().get(name);
        if (tensor == null) {
            throw wrong(name, "is missing");
        }
        if (tensor.shape().size() != dimensions || tensor.elements() == 0) {
            throw wrong(name, "has shape " + tensor.shape() + ", but " + dimensions + " dimensions are wanted");
        }
        return tensor;
    }

    private InvalidModelException wrong(String name, String problem) {
        return new InvalidModelException(folder + ": tensor '" + name + "' " + problem);
    }
}
