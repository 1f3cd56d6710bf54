package org.jllm.onnx;

import java.util.Arrays;
import java.util.Optional;

/** The types of elements that graphs have, with their numbers in the format. Strings and complex numbers are none of ours. */
enum GraphType {
    F32(1, 4),
    U8(2, 1),
    I8(3, 1),
    U16(4, 2),
    I16(5, 2),
    I32(6, 4),
    I64(7, 8),
    BOOL(9, 1),
    F16(10, 2),
    F64(11, 8),
    U32(12, 4),
    U64(13, 8),
    BF16(16, 2);

    private final int code;
    private final int bytes;

    GraphType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    static Optional<GraphType> of(long code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    /** Bytes of an element. */
    int bytes() {
        return bytes;
    }
}
