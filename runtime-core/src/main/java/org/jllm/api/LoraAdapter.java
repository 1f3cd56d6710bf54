package org.jllm.api;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A low-rank adapter that is added to a model's weights as it computes.
 *
 * @param file of the adapter, in the format that the engine reads
 * @param scale what its weights are multiplied by, beside its own factor; finite, 0 switches it off
 */
public record LoraAdapter(Path file, float scale) {
    public LoraAdapter {
        if (!Float.isFinite(scale)) {
            throw new InvalidRequestException("the scale of the adapter " + file + " must be finite, not " + scale);
        }
    }

    /**
     * Reads {@code FILE} or {@code FILE=SCALE}: what stands after the last {@code =} is a scale if it is a number, else it
     * belongs to the file's name. The scale is 1 where none is given.
     *
     * @throws InvalidRequestException if there is no file's name in it
     */
    public static LoraAdapter parse(String text) {
        int separator = text.lastIndexOf('=');
        String end = text.substring(separator + 1);
        boolean scaled = separator >= 0 && end.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
        String file = scaled ? text.substring(0, separator) : text;
        if (file.isBlank()) {
            throw new InvalidRequestException("an adapter is given as FILE or FILE=SCALE, not '" + text + "'");
        }
        try {
            return new LoraAdapter(Path.of(file), scaled ? Float.parseFloat(end) : 1);
        } catch (InvalidPathException e) {
            throw new InvalidRequestException("'" + file + "' is no name of a file: " + e.getReason(), e);
        }
    }
}
