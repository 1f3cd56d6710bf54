package org.jllm.torch;

import org.jllm.checkpoint.ElementType;

/** The numbers of element types in libtorch ({@code c10::ScalarType}). */
final class ScalarTypes {
    private ScalarTypes() {}

    static long of(ElementType type) {
        return switch (type) {
            case U8 -> 0;
            case I8 -> 1;
            case I16 -> 2;
            case I32 -> 3;
            case I64 -> 4;
            case F16 -> 5;
            case F32 -> 6;
            case F64 -> 7;
            case BOOL -> 11;
            case BF16 -> 15;
        };
    }
}
