package org.jllm.torch;

import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;

/**
 * Rotary position embedding as {@code config.json} sets it: fields of its own and {@code rope_scaling}, or all within
 * {@code rope_parameters} in files of Transformers 5.
 *
 * @param theta base of the frequencies
 * @param factor that positions are divided by; 1 without scaling
 * @param share of each head that turns, from its first value on
 */
record RotarySettings(double theta, double factor, double share) {
    /**
     * Reads them.
     *
     * @param thetaField the field of the configuration for the base
     * @param shareField the field for the share
     * @param share the share where no field says it
     */
    static RotarySettings of(ModelConfig config, String thetaField, String shareField, double share) {
        double theta = config.doubleOr(thetaField, 10_000, 1e-6, 1e12);
        double ownShare = config.doubleOr(shareField, share, 0, 1);
        ModelConfig scaling = config.object("rope_scaling")
                .filter(given -> !given.isEmpty())
                .or(() -> config.object("rope_parameters"))
                .orElse(null);
        if (scaling == null) {
            return new RotarySettings(theta, 1, ownShare);
        }
        return new RotarySettings(
                scaling.doubleOr("rope_theta", theta, 1e-6, 1e12),
                factor(scaling),
                scaling.doubleOr("partial_rotary_factor", ownShare, 0, 1));
    }

    private static double factor(ModelConfig scaling) {
        String type = scaling.stringOr("rope_type", scaling.stringOr("type", "default"));
        return switch (type) {
            case "default" -> 1;
            case "linear" -> scaling.requiredDouble("factor", 1e-6, 1e6);
            case "dynamic" -> {
                // It changes the base for texts longer than max_position_embeddings, which is the longest context here.
                scaling.requiredDouble("factor", 1, 1e6);
                yield 1;
            }
            default ->
                throw new UnsupportedModelException("rope_scaling of type '" + type
                        + "' is not one that this version runs; known are default, dynamic, linear");
        };
    }

    /** How many values of a head turn. */
    int size(int headSize) {
        int size = (int) (headSize * share);
        if (size < 2 || size % 2 != 0) {
            throw new InvalidModelException("config.json: " + size + " of the " + headSize
                    + " values of a head cannot be rotated: the number has to be even and at least 2");
        }
        return size;
    }
}
