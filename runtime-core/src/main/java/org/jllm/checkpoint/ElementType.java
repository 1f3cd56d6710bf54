package org.jllm.checkpoint;

import java.util.Optional;

/** Types of numbers in a checkpoint, by the names of the safetensors format. */
public enum ElementType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U8(1),
    BOOL(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /**
     * The floating-point type of a name in PyTorch, or of its usual short form: {@code bfloat16}, {@code bf16},
     * {@code half}, … Empty for any other.
     */
    public static Optional<ElementType> ofDtype(String name) {
        return switch (name) {
            case "float32", "fp32", "f32" -> Optional.of(F32);
            case "bfloat16", "bf16" -> Optional.of(BF16);
            case "float16", "fp16", "f16", "half" -> Optional.of(F16);
            default -> Optional.empty();
        };
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
