package org.jllm.catalogue;

import org.jspecify.annotations.Nullable;

/** The same model for other engines; null: none is known. */
public record Siblings(@Nullable Location gguf, @Nullable Location onnx) {
    /** Where the engine of that name finds the model; null if no sibling is for it. */
    public @Nullable Location on(String engine) {
        return switch (engine) {
            case "gguf" -> gguf;
            case "onnx" -> onnx;
            default -> null;
        };
    }
}
