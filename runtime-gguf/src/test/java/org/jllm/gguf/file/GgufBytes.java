package org.jllm.gguf.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bytes of GGUF files, sound or not. */
final class GgufBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static GgufBytes start() {
        return new GgufBytes();
    }

    GgufBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    GgufBytes int16(int value) {
        return raw(order(2).putShort((short) value).array());
    }

    GgufBytes int32(int value) {
        return raw(order(4).putInt(value).array());
    }

    GgufBytes int64(long value) {
        return raw(order(8).putLong(value).array());
    }

    GgufBytes text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    GgufBytes text(byte... text) {
        return int64(text.length).raw(text);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private static ByteBuffer order(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static GgufBytes header(String magic, int version, long tensors, long pairs) {
        return start().raw(magic.getBytes(StandardCharsets.ISO_8859_1))
                .int32(version)
                .int64(tensors)
                .int64(pairs);
    }

    static GgufBytes key(String key, GgufValueType type) {
        return start().text(key).int32(type.id());
    }

    static byte[] pair(String key, String value) {
        return key(key, GgufValueType.STRING).text(value).bytes();
    }

    static byte[] pair(String key, int value) {
        return key(key, GgufValueType.UINT32).int32(value).bytes();
    }

    static byte[] texts(String key, String... values) {
        GgufBytes bytes =
                key(key, GgufValueType.ARRAY).int32(GgufValueType.STRING.id()).int64(values.length);
        List.of(values).forEach(bytes::text);
        return bytes.bytes();
    }

    static byte[] tensor(String name, int type, long offset, long... dimensions) {
        GgufBytes bytes = start().text(name).int32(dimensions.length);
        for (long dimension : dimensions) {
            bytes.int64(dimension);
        }
        return bytes.int32(type).int64(offset).bytes();
    }

    /** A file of these parts, with data of so many bytes from the next multiple of 32 on. */
    static byte[] file(List<byte[]> pairs, List<byte[]> tensors, int dataBytes) {
        GgufBytes bytes = header("GGUF", 3, tensors.size(), pairs.size());
        pairs.forEach(bytes::raw);
        tensors.forEach(bytes::raw);
        int header = bytes.out.size();
        return bytes.raw(new byte[(header + 31) / 32 * 32 - header + dataBytes]).bytes();
    }

    /** A file with these pairs and no tensors. */
    static byte[] pairs(byte[]... pairs) {
        return file(List.of(pairs), List.of(), 0);
    }

    /** A file with these tensors and no metadata. */
    static byte[] tensors(int dataBytes, byte[]... tensors) {
        return file(List.of(), List.of(tensors), dataBytes);
    }
}
