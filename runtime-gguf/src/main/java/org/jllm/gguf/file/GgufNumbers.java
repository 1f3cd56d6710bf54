package org.jllm.gguf.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An array of numbers or truth values, in the bytes of the file. */
public final class GgufNumbers implements GgufArray {
    private final GgufValueType elementType;
    private final byte[] data;

    private GgufNumbers(GgufValueType elementType, byte[] data) {
        this.elementType = elementType;
        this.data = data;
    }

    /** An array of {@link GgufValueType#FLOAT32}. */
    public static GgufNumbers float32(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return new GgufNumbers(GgufValueType.FLOAT32, buffer.array());
    }

    /** An array of {@link GgufValueType#INT32}. */
    public static GgufNumbers int32(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asIntBuffer().put(values);
        return new GgufNumbers(GgufValueType.INT32, buffer.array());
    }

    /** Takes little-endian bytes of whole elements, which nobody changes from now on. */
    static GgufNumbers wrap(GgufValueType elementType, byte[] data) {
        return new GgufNumbers(elementType, data);
    }

    @Override
    public GgufValueType elementType() {
        return elementType;
    }

    @Override
    public int size() {
        return data.length / elementType.bytes();
    }

    @Override
    public GgufNumber get(int index) {
        Objects.checkIndex(index, size());
        int at = index * elementType.bytes();
        ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        return new GgufNumber(elementType, bits(elementType, buffer, at));
    }

    static long bits(GgufValueType type, ByteBuffer buffer, int at) {
        return switch (type) {
            case UINT8, BOOL -> Byte.toUnsignedLong(buffer.get(at));
            case INT8 -> buffer.get(at);
            case UINT16 -> Short.toUnsignedLong(buffer.getShort(at));
            case INT16 -> buffer.getShort(at);
            case UINT32, FLOAT32 -> Integer.toUnsignedLong(buffer.getInt(at));
            case INT32 -> buffer.getInt(at);
            case UINT64, INT64, FLOAT64 -> buffer.getLong(at);
            case STRING, ARRAY -> throw new IllegalArgumentException(type + " is no number");
        };
    }

    /** A copy of the elements as the file has them, little-endian. */
    public byte[] bytes() {
        return data.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GgufNumbers numbers
                && elementType == numbers.elementType
                && Arrays.equals(data, numbers.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(elementType, Arrays.hashCode(data));
    }

    @Override
    public String toString() {
        return summary();
    }
}
