package org.jllm.torch;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jllm.api.InvalidRequestException;

/** What the matrices of a model are rounded to when it is loaded. */
enum Quantization {
    /** Nothing: they are used in the type that the engine computes in. */
    NONE(Kernel.STORED),
    FP16(Kernel.FBGEMM_FP16),
    /** A step for each output, and for each row that goes in. */
    INT8(Kernel.ONEDNN_INT8, Kernel.ENGINE_INT8, Kernel.ONEDNN_INT7);

    private final List<Kernel> kernels;

    Quantization(Kernel... kernels) {
        this.kernels = List.of(kernels);
    }

    /** Those that can multiply with such matrices, the fastest first. */
    List<Kernel> kernels() {
        return kernels;
    }

    /** Bytes of an element of a matrix; 0: those of the type that is computed in. */
    int bytes() {
        return kernels.get(0).bytes();
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
