package org.jllm.torch;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jllm.api.InvalidRequestException;
import org.jllm.checkpoint.ElementType;

/** The number type that an engine computes in. */
enum Precision {
    FLOAT32("float32", 4, ElementType.F32),
    BFLOAT16("bfloat16", 2, ElementType.BF16),
    FLOAT16("float16", 2, ElementType.F16);

    private final String wireName;
    private final int bytes;
    private final ElementType stored;

    Precision(String wireName, int bytes, ElementType stored) {
        this.wireName = wireName;
        this.bytes = bytes;
        this.stored = stored;
    }

    int bytes() {
        return bytes;
    }

    /** Whether weights of this type are used as they lie in their file. */
    boolean isStoredAs(ElementType type) {
        return stored == type;
    }

    /** The number of the type in libtorch. */
    long scalarType() {
        return ScalarTypes.of(stored);
    }

    /**
     * The type that a setting names.
     *
     * @param name {@code float32}, {@code bfloat16}, {@code float16}, their usual short forms, or {@code auto}
     * @param stored the type that most weights of the checkpoint are stored in, taken for {@code auto}
     */
    static Precision of(String name, ElementType stored) {
        if (name.equals("auto")) {
            return storedAs(stored).orElse(FLOAT32);
        }
        return ElementType.ofDtype(name)
                .flatMap(Precision::storedAs)
                .orElseThrow(() -> new InvalidRequestException("unknown dtype '" + name + "': use auto, "
                        + Arrays.stream(values()).map(Precision::toString).collect(Collectors.joining(", "))));
    }

    private static Optional<Precision> storedAs(ElementType type) {
        return Arrays.stream(values())
                .filter(precision -> precision.stored == type)
                .findFirst();
    }

    @Override
    public String toString() {
        return wireName;
    }
}
