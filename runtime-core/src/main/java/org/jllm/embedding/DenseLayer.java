package org.jllm.embedding;

import java.nio.file.Path;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jspecify.annotations.Nullable;

/** A matrix product with bias, activation function and perhaps what was given added again. */
final class DenseLayer implements VectorLayer {
    private static final String INPUT = "sentence_embedding";

    private final String name;
    private final int inputs;
    private final int outputs;
    /** The weights of each input stand together, so that the loop over the outputs runs in vector registers. */
    private final float[] byInput;

    private final float @Nullable [] bias;
    private final LayerActivation activation;
    private final @Nullable DenseLayer residual;
    private final boolean addsGiven;

    private DenseLayer(
            String name,
            LayerWeights weights,
            String tensor,
            boolean hasBias,
            LayerActivation activation,
            @Nullable DenseLayer residual,
            boolean addsGiven) {
        this.name = name;
        this.activation = activation;
        this.residual = residual;
        this.addsGiven = addsGiven;
        int[] shape = weights.shape(tensor + ".weight");
        outputs = shape[0];
        inputs = shape[1];
        float[] rows = weights.matrix(tensor + ".weight");
        byInput = new float[rows.length];
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < inputs; input++) {
                byInput[input * outputs + output] = rows[output * inputs + input];
            }
        }
        bias = hasBias ? weights.vector(tensor + ".bias", outputs) : null;
    }

    /**
     * Reads a {@code 2_Dense}: {@code config.json} and the weights.
     *
     * @throws org.jllm.api.JllmException if they do not fit each other or are not known
     */
    static DenseLayer read(Path folder) {
        ModelConfig config = ModelConfig.read(folder);
        if (!config.stringOr("module_input_name", INPUT).equals(INPUT)
                || !config.stringOr("module_output_name", INPUT).equals(INPUT)) {
            throw new UnsupportedModelException(config.name() + ": only layers over the " + INPUT + " are supported");
        }
        LayerWeights weights = LayerWeights.open(folder);
        LayerActivation activation = LayerActivation.of(
                config.stringOr("activation_function", "torch.nn.modules.activation.Tanh"), config.name());
        boolean residual = config.boolOr("use_residual", false);
        boolean projected = residual && weights.checkpoint().tensors().containsKey("residual.weight");
        DenseLayer layer = new DenseLayer(
                folder.toString(),
                weights,
                "linear",
                config.boolOr("bias", true),
                activation,
                projected ? projection(folder.toString(), weights, "residual") : null,
                residual && !projected);
        config.requireAll("in_features", "out_features");
        layer.check(config, "in_features", layer.inputs);
        layer.check(config, "out_features", layer.outputs);
        return layer;
    }

    /** A matrix alone. */
    static DenseLayer projection(String name, LayerWeights weights, String tensor) {
        return new DenseLayer(name, weights, tensor, false, LayerActivation.IDENTITY, null, false);
    }

    private void check(ModelConfig config, String field, int stored) {
        int said = config.intOr(field, stored, 1, Integer.MAX_VALUE);
        if (said != stored) {
            throw new InvalidModelException(
                    config.name() + ": " + field + " is " + said + ", but the weights have " + stored);
        }
    }

    @Override
    public float[] apply(float[] vector) {
        float[] result = bias == null ? new float[outputs] : bias.clone();
        for (int input = 0; input < inputs; input++) {
            float value = vector[input];
            int row = input * outputs;
            for (int output = 0; output < outputs; output++) {
                result[output] += value * byInput[row + output];
            }
        }
        activation.apply(result);
        if (residual != null) {
            add(residual.apply(vector), result);
        } else if (addsGiven) {
            add(vector, result);
        }
        return result;
    }

    private static void add(float[] more, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += more[i];
        }
    }

    @Override
    public int width(int given) {
        if (given != inputs) {
            throw new InvalidModelException(
                    name + " takes vectors of " + inputs + " numbers, but what comes before gives " + given);
        }
        boolean residualFits = residual == null ? !addsGiven || inputs == outputs : residual.width(given) == outputs;
        if (!residualFits) {
            throw new InvalidModelException(name + ": what is given cannot be added to " + outputs + " numbers");
        }
        return outputs;
    }
}
