package org.jllm.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jllm.api.InvalidModelException;

/**
 * A message of protocol buffers, read field by field in the order of the bytes. Lengths are checked against what is there,
 * and nothing is copied.
 */
final class ProtoMessage {
    private static final int NUMBER = 0;
    private static final int EIGHT_BYTES = 1;
    private static final int BYTES = 2;
    private static final int FOUR_BYTES = 5;
    private static final int MOST_GROUPS = 10;

    private final String file;
    private final ByteBuffer rest;
    private int field;
    private int form;
    private long number;
    private ByteBuffer content;

    /** @param file where the message is, for errors */
    ProtoMessage(String file, ByteBuffer bytes) {
        this.file = file;
        rest = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        content = rest;
    }

    /** Goes to the next field; false at the end of the message. */
    boolean next() {
        if (!rest.hasRemaining()) {
            return false;
        }
        long tag = varint();
        field = (int) (tag >>> 3);
        form = (int) (tag & 7);
        switch (form) {
            case NUMBER -> number = varint();
            case EIGHT_BYTES -> content = take(8);
            case BYTES -> content = take(varint());
            case FOUR_BYTES -> content = take(4);
            default -> throw damaged("a field of the unknown form " + form);
        }
        return true;
    }

    /** The number of the current field. */
    int field() {
        return field;
    }

    /** The value of the current field, which is a whole number. */
    long number() {
        require(NUMBER);
        return number;
    }

    /** The value of the current field, which is of bytes. */
    ByteBuffer bytes() {
        require(BYTES);
        return content.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The value of the current field, which is a text. */
    String text() {
        return StandardCharsets.UTF_8.decode(bytes()).toString();
    }

    /** The value of the current field, which is a message. */
    ProtoMessage message() {
        return new ProtoMessage(file, bytes());
    }

    /** The values of the current field, which is a whole number or a packed list of them. */
    long[] numbers() {
        if (form == NUMBER) {
            return new long[] {number};
        }
        ProtoMessage packed = message();
        long[] values = new long[packed.rest.remaining()];
        int count = 0;
        while (packed.rest.hasRemaining()) {
            values[count++] = packed.varint();
        }
        return Arrays.copyOf(values, count);
    }

    /** The error that the file is not what it should be. */
    InvalidModelException damaged(String what) {
        return new InvalidModelException(file + " is damaged or no ONNX graph: it has " + what);
    }

    private void require(int expected) {
        if (form != expected) {
            throw damaged("field " + field + " in the form " + form + " instead of " + expected);
        }
    }

    private long varint() {
        long value = 0;
        for (int i = 0; i < MOST_GROUPS; i++) {
            if (!rest.hasRemaining()) {
                throw damaged("less than a field needs");
            }
            byte group = rest.get();
            value |= (group & 0x7FL) << (7 * i);
            if (group >= 0) {
                return value;
            }
        }
        throw damaged("a number of more than 64 bits");
    }

    private ByteBuffer take(long length) {
        if (length < 0 || length > rest.remaining()) {
            throw damaged("a field of " + length + " bytes where " + rest.remaining() + " are left");
        }
        ByteBuffer slice = rest.slice(rest.position(), (int) length);
        rest.position(rest.position() + (int) length);
        return slice;
    }
}
