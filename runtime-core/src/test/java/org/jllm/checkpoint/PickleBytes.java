package org.jllm.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Pickles for tests, opcode by opcode, sound or not. */
final class PickleBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Begins with the protocol. */
    static PickleBytes of(int protocol) {
        return new PickleBytes().op(0x80, protocol);
    }

    PickleBytes op(int... bytes) {
        for (int value : bytes) {
            out.write(value);
        }
        return this;
    }

    PickleBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    PickleBytes global(String module, String name) {
        return op('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    PickleBytes text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return op('X').raw(int32(bytes.length)).raw(bytes);
    }

    PickleBytes number(long value) {
        return op(0x8a, 8)
                .raw(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array());
    }

    PickleBytes numbers(List<Long> values) {
        mark();
        values.forEach(this::number);
        return tuple();
    }

    PickleBytes mark() {
        return op('(');
    }

    PickleBytes tuple() {
        return op('t');
    }

    PickleBytes call() {
        return op('R');
    }

    PickleBytes none() {
        return op('N');
    }

    /** An empty ordered dictionary. */
    PickleBytes ordered() {
        return global("collections", "OrderedDict").op(')').call();
    }

    byte[] stop() {
        return op('.').bytes();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    static byte[] int32(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    static byte[] int64(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }
}
