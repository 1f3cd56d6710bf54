package org.jllm.corpus;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jllm.api.InvalidRequestException;

/** The forms in which vectors are written. */
public enum VectorFormat {
    /** A JSON object in each line. */
    JSONL,
    /** An array of NumPy, float32, a row for each text. */
    NPY,
    /** Numbers with commas between, the index first. */
    CSV;

    /** As the command line writes it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidRequestException if there is none of that name */
    public static VectorFormat of(String key) {
        return find(key)
                .orElseThrow(() -> new InvalidRequestException("unknown format '" + key + "': known are "
                        + Arrays.stream(values()).map(VectorFormat::key).collect(Collectors.joining(", "))));
    }

    /** The form that the ending of a file's name says; JSON lines if it says none. */
    public static VectorFormat ofFile(String name) {
        return find(name.substring(name.lastIndexOf('.') + 1)).orElse(JSONL);
    }

    private static Optional<VectorFormat> find(String key) {
        return Arrays.stream(values())
                .filter(format -> format.key().equals(key.toLowerCase(Locale.ROOT)))
                .findFirst();
    }
}
