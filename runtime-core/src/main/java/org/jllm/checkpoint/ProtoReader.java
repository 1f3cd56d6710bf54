package org.jllm.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jllm.api.InvalidModelException;

/**
 * Reads the fields of one protocol buffer message (wire format of protobuf.dev/programming-guides/encoding), never
 * beyond its end. A message that is damaged is an {@link InvalidModelException} at whatever method meets it. For one thread.
 */
public final class ProtoReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer data;
    private final String file;
    private final String kind;
    private int wireType;

    /**
     * A message.
     *
     * @param data from its position to its limit; not copied
     * @param file where it is, for errors
     * @param kind what it should be, for errors: {@code an ONNX graph}
     */
    public ProtoReader(ByteBuffer data, String file, String kind) {
        this.data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.file = file;
        this.kind = kind;
    }

    /** The number of the next field, or 0 at the end. The field has to be read, or skipped. */
    public int nextField() {
        if (!data.hasRemaining()) {
            return 0;
        }
        long tag = varint();
        wireType = (int) tag & 7;
        long field = tag >>> 3;
        if (field == 0 || field > 0x1FFFFFFF) {
            throw damaged("a field has the number " + field);
        }
        return (int) field;
    }

    public int int32() {
        expect(VARINT);
        return (int) varint();
    }

    public long int64() {
        expect(VARINT);
        return varint();
    }

    /** A whole number, or a packed list of them. */
    public long[] int64s() {
        if (wireType == VARINT) {
            return new long[] {varint()};
        }
        ProtoReader packed = message();
        long[] values = new long[packed.data.remaining()];
        int count = 0;
        while (packed.data.hasRemaining()) {
            values[count++] = packed.varint();
        }
        return Arrays.copyOf(values, count);
    }

    public boolean bool() {
        expect(VARINT);
        return varint() != 0;
    }

    public float float32() {
        expect(FIXED32);
        require(4);
        return data.getFloat();
    }

    public String string() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    public byte[] bytes() {
        ByteBuffer content = content();
        byte[] result = new byte[content.remaining()];
        content.get(result);
        return result;
    }

    public ProtoReader message() {
        return new ProtoReader(content(), file, kind);
    }

    /** Leaves the field out. */
    public void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> advance(8);
            case LENGTH_DELIMITED -> content();
            case FIXED32 -> advance(4);
            default -> throw damaged("a field has the unknown wire type " + wireType);
        }
    }

    /** The bytes of a field as they lie in the message, little-endian. */
    public ByteBuffer content() {
        expect(LENGTH_DELIMITED);
        long length = varint();
        if (length < 0 || length > data.remaining()) {
            throw damaged("a field ends behind the end of the file");
        }
        ByteBuffer content = data.slice(data.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        data.position(data.position() + (int) length);
        return content;
    }

    private long varint() {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            require(1);
            byte b = data.get();
            result |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return result;
            }
        }
        throw damaged("a number has more than ten bytes");
    }

    private void advance(int bytes) {
        require(bytes);
        data.position(data.position() + bytes);
    }

    private void require(int bytes) {
        if (data.remaining() < bytes) {
            throw damaged("it is cut short");
        }
    }

    private void expect(int type) {
        if (wireType != type) {
            throw damaged("a field has the wire type " + wireType + " instead of " + type);
        }
    }

    /** The error that the message says something impossible. */
    public InvalidModelException damaged(String what) {
        return new InvalidModelException(file + " is not " + kind + " or is damaged: " + what
                + "; get the file anew (it must not be a Git LFS pointer)");
    }
}
