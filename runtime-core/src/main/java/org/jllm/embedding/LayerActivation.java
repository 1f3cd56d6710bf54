package org.jllm.embedding;

import java.util.Arrays;
import org.jllm.api.UnsupportedModelException;

/** Activation functions by the names of PyTorch's modules. */
enum LayerActivation {
    IDENTITY("Identity"),
    TANH("Tanh"),
    RELU("ReLU"),
    GELU("GELU"),
    SIGMOID("Sigmoid"),
    SILU("SiLU");

    private final String module;

    LayerActivation(String module) {
        this.module = module;
    }

    /**
     * The function of a name such as {@code torch.nn.modules.activation.Tanh}.
     *
     * @param where it stands, for errors
     */
    static LayerActivation of(String name, String where) {
        return Arrays.stream(values())
                .filter(known -> name.matches("torch\\.nn\\.(.*\\.)?" + known.module))
                .findFirst()
                .orElseThrow(() -> new UnsupportedModelException(where + ": unknown activation_function '" + name
                        + "': known are those of torch.nn called "
                        + String.join(
                                ", ",
                                Arrays.stream(values())
                                        .map(known -> known.module)
                                        .toList())));
    }

    void apply(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) of(values[i]);
        }
    }

    private double of(double x) {
        return switch (this) {
            case IDENTITY -> x;
            case TANH -> Math.tanh(x);
            case RELU -> Math.max(x, 0);
            case GELU -> x * (1 + errorFunction(x / Math.sqrt(2))) / 2;
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case SILU -> x / (1 + Math.exp(-x));
        };
    }

    /** By its power series, which is good to ten digits where the function differs from 1 in eight. */
    private static double errorFunction(double x) {
        if (Math.abs(x) > 4) {
            return Math.signum(x);
        }
        double power = x;
        double sum = x;
        for (int n = 1; n < 100; n++) {
            power *= -x * x / n;
            sum += power / (2 * n + 1);
        }
        return sum * 2 / Math.sqrt(Math.PI);
    }
}
