package org.jllm.torch;

import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;

/**
 * Rotary position embedding as {@code config.json} sets it: {@code rope_theta} and {@code rope_scaling}, or both within
 * {@code rope_parameters} in files of Transformers 5.
 *
 * @param theta base of the frequencies
 * @param factor that positions are divided by; 1 without scaling
 */
record RotarySettings(double theta, double factor) {
    static RotarySettings of(ModelConfig config) {
        ModelConfig scaling = config.object("rope_scaling")
                .filter(given -> !given.isEmpty())
                .or(() -> config.object("rope_parameters"))
                .orElse(null);
        double theta = config.doubleOr("rope_theta", 10_000, 1e-6, 1e12);
        if (scaling == null) {
            return new RotarySettings(theta, 1);
        }
        theta = scaling.doubleOr("rope_theta", theta, 1e-6, 1e12);
        String type = scaling.stringOr("rope_type", scaling.stringOr("type", "default"));
        return switch (type) {
            case "default" -> new RotarySettings(theta, 1);
            case "linear" -> new RotarySettings(theta, scaling.requiredDouble("factor", 1e-6, 1e6));
            default ->
                throw new UnsupportedModelException("rope_scaling of type '" + type
                        + "' is not one that this version runs; known are default, linear");
        };
    }
}
