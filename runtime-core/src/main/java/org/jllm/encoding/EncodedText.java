package org.jllm.encoding;

import java.util.Map;

/**
 * What an encoder told of one text.
 *
 * @param values rows of numbers for each output that was wanted
 */
public record EncodedText(Map<EncoderOutput, float[][]> values) {
    public EncodedText {
        values = Map.copyOf(values);
    }

    /**
     * The rows of an output.
     *
     * @throws IllegalArgumentException if it was not wanted
     */
    public float[][] rows(EncoderOutput output) {
        float[][] rows = values.get(output);
        if (rows == null) {
            throw new IllegalArgumentException(output + " was not asked for");
        }
        return rows;
    }

    /** The first row of an output, which for some is the only one. */
    public float[] row(EncoderOutput output) {
        return rows(output)[0];
    }
}
