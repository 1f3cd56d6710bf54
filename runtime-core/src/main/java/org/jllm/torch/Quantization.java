package org.jllm.torch;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jllm.api.InvalidRequestException;

/** What the matrices of a model are rounded to when it is loaded. */
enum Quantization {
    /** Nothing: they are used in the type that the engine computes in. */
    NONE(0),
    FP16(2),
    /** A step for each output, and for each row that goes in. */
    INT8(1);

    private final int bytes;

    Quantization(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of an element of a matrix; 0: those of the type that is computed in. */
    int bytes() {
        return bytes;
    }

    /**
     * The form that a setting names.
     *
     * @throws InvalidRequestException if there is none of that name, or it does not go with the device
     */
    static Quantization of(String name, String device) {
        Quantization found = Arrays.stream(values())
                .filter(value -> value.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException("unknown quantize '" + name + "': use "
                        + Arrays.stream(values()).map(Quantization::toString).collect(Collectors.joining(", "))));
        if (found != NONE && !device.equals("cpu")) {
            throw new InvalidRequestException(
                    "quantize " + name + " needs the device cpu, not " + device + ": leave one of the two out");
        }
        return found;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
