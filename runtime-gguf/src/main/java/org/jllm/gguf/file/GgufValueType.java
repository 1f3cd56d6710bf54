package org.jllm.gguf.file;

import java.util.Optional;

/** Types of metadata values, in the order of their numbers in a file. */
public enum GgufValueType {
    UINT8(1, 0, 0xFFL),
    INT8(1, Byte.MIN_VALUE, Byte.MAX_VALUE),
    UINT16(2, 0, 0xFFFFL),
    INT16(2, Short.MIN_VALUE, Short.MAX_VALUE),
    UINT32(4, 0, 0xFFFF_FFFFL),
    INT32(4, Integer.MIN_VALUE, Integer.MAX_VALUE),
    FLOAT32(4, 0, 0xFFFF_FFFFL),
    BOOL(1, 0, 1),
    STRING(0, 0, 0),
    ARRAY(0, 0, 0),
    UINT64(8, Long.MIN_VALUE, Long.MAX_VALUE),
    INT64(8, Long.MIN_VALUE, Long.MAX_VALUE),
    FLOAT64(8, Long.MIN_VALUE, Long.MAX_VALUE);

    private final int bytes;
    private final long leastBits;
    private final long mostBits;

    GgufValueType(int bytes, long leastBits, long mostBits) {
        this.bytes = bytes;
        this.leastBits = leastBits;
        this.mostBits = mostBits;
    }

    static Optional<GgufValueType> of(int id) {
        return id >= 0 && id < values().length ? Optional.of(values()[id]) : Optional.empty();
    }

    int id() {
        return ordinal();
    }

    /** Bytes of a number or truth value; 0 for texts and arrays, whose length varies. */
    public int bytes() {
        return bytes;
    }

    /** Whether a value of the type is a {@link GgufNumber}. */
    public boolean isNumber() {
        return bytes > 0;
    }

    /** Whether it is a whole number. */
    public boolean isInteger() {
        return isNumber() && !isFloat() && this != BOOL;
    }

    /** Whether it is a floating-point number. */
    public boolean isFloat() {
        return this == FLOAT32 || this == FLOAT64;
    }

    boolean fits(long bits) {
        return isNumber() && bits >= leastBits && bits <= mostBits;
    }
}
