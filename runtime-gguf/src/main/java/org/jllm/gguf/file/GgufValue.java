package org.jllm.gguf.file;

/** A metadata value. Immutable; equal to a value of the same type and bits. */
public sealed interface GgufValue permits GgufNumber, GgufText, GgufArray {
    /** What the value is in a file. */
    GgufValueType type();
}
