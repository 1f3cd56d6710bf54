package org.jllm.onnx;

import java.util.Arrays;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;

/**
 * What a graph gave for one output of a batch.
 *
 * @param values of all texts, each of as many rows as the batch is wide or of one
 * @param rows of each text, padding included
 * @param width of a row
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OutputRows(float[] values, int rows, int width) {
    /** The rows of a text for an output. */
    float[][] of(EncoderOutput output, EncoderInput text, int place) {
        int first = place * rows;
        return switch (output.rows()) {
            case TOKENS -> range(first, text.length());
            case ASKED ->
                Arrays.stream(text.asked())
                        .mapToObj(token -> row(first + token))
                        .toArray(float[][]::new);
            case TEXT, ENTITIES -> range(first, 1);
        };
    }

    /** The mean of a text's rows. */
    float[] mean(EncoderInput text, int place) {
        double[] sums = new double[width];
        int next = place * rows * width;
        for (int token = 0; token < text.length(); token++) {
            for (int i = 0; i < width; i++) {
                sums[i] += values[next++];
            }
        }
        float[] mean = new float[width];
        for (int i = 0; i < width; i++) {
            mean[i] = (float) (sums[i] / text.length());
        }
        return mean;
    }

    private float[][] range(int first, int count) {
        float[][] range = new float[count][];
        for (int i = 0; i < count; i++) {
            range[i] = row(first + i);
        }
        return range;
    }

    private float[] row(int row) {
        return Arrays.copyOfRange(values, row * width, (row + 1) * width);
    }
}
