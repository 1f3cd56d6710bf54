package org.jllm.gguf.file;

/**
 * A number or truth value, kept as its bits so that nothing is lost between reading and writing.
 *
 * @param bits signed types sign-extended, all others zero-extended; floating-point ones by their IEEE 754 bits
 */
public record GgufNumber(GgufValueType type, long bits) implements GgufValue {
    public GgufNumber {
        if (!type.fits(bits)) {
            throw new IllegalArgumentException(bits + " are no bits of a " + type);
        }
    }

    public static GgufNumber uint16(int value) {
        return new GgufNumber(GgufValueType.UINT16, value);
    }

    public static GgufNumber uint32(long value) {
        return new GgufNumber(GgufValueType.UINT32, value);
    }

    public static GgufNumber int32(int value) {
        return new GgufNumber(GgufValueType.INT32, value);
    }

    public static GgufNumber float32(float value) {
        return new GgufNumber(GgufValueType.FLOAT32, Integer.toUnsignedLong(Float.floatToRawIntBits(value)));
    }

    public static GgufNumber bool(boolean value) {
        return new GgufNumber(GgufValueType.BOOL, value ? 1 : 0);
    }

    /** The value of a number as floating point; of unsigned 64-bit ones too. */
    public double doubleValue() {
        return switch (type) {
            case FLOAT32 -> Float.intBitsToFloat((int) bits);
            case FLOAT64 -> Double.longBitsToDouble(bits);
            case UINT64 -> bits >= 0 ? bits : 0x1p64 + bits;
            default -> bits;
        };
    }

    @Override
    public String toString() {
        return switch (type) {
            case BOOL -> Boolean.toString(bits != 0);
            case FLOAT32 -> Float.toString(Float.intBitsToFloat((int) bits));
            case FLOAT64 -> Double.toString(Double.longBitsToDouble(bits));
            case UINT64 -> Long.toUnsignedString(bits);
            default -> Long.toString(bits);
        };
    }
}
