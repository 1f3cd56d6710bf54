package org.jllm.gguf;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jllm.api.InvalidRequestException;

/** Types of whole files that llama.cpp's quantiser writes, with their numbers in {@code enum llama_ftype}. */
enum QuantizedType {
    F16(1),
    BF16(32),
    Q4_0(2),
    Q5_0(8),
    Q8_0(7),
    Q3_K_M(12),
    Q4_K_S(14),
    Q4_K_M(15),
    Q5_K_M(17),
    Q6_K(18);

    private final int number;

    QuantizedType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Whether the values are numbers of their own, not parts of blocks. */
    boolean isPlain() {
        return this == F16 || this == BF16;
    }

    static QuantizedType of(String name) {
        return Arrays.stream(values())
                .filter(type -> type.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException("unknown type '" + name + "': known are "
                        + Arrays.stream(values())
                                .map(type -> type.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }
}
