package org.jllm.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Safetensors files for tests, sound or not. */
final class SafetensorsBytes {
    private SafetensorsBytes() {}

    /** A file whose length field is right. */
    static byte[] file(String header, int dataBytes) {
        return file(header, StandardCharsets.UTF_8, dataBytes);
    }

    static byte[] file(String header, Charset charset, int dataBytes) {
        byte[] text = header.getBytes(charset);
        return file(text.length, text, dataBytes);
    }

    static byte[] file(long length, byte[] header, int dataBytes) {
        return ByteBuffer.allocate(8 + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(header)
                .array();
    }

    /** An entry of a header. */
    static String entry(String name, String dtype, String shape, String offsets) {
        return "\"" + name + "\":{\"dtype\":" + dtype + ",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
    }

    /** A header of one entry, called a, with eight bytes of data. */
    static byte[] one(String dtype, String shape, String offsets) {
        return file("{" + entry("a", dtype, shape, offsets) + "}", 8);
    }
}
