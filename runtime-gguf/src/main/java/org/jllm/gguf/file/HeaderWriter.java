package org.jllm.gguf.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The bytes of a header. */
final class HeaderWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private HeaderWriter() {}

    /** Padded, so that the data can follow. */
    static byte[] header(Map<String, GgufValue> metadata, List<GgufWriter.Announced> tensors, int alignment) {
        HeaderWriter writer = new HeaderWriter();
        writer.out.writeBytes(GgufHeader.MAGIC.getBytes(StandardCharsets.US_ASCII));
        writer.int32(GgufHeader.LATEST_VERSION);
        writer.int64(tensors.size());
        writer.int64(metadata.size());
        metadata.forEach((key, value) -> {
            checkName(key, MetadataReader.MOST_KEY_BYTES);
            writer.text(key.getBytes(StandardCharsets.UTF_8));
            writer.int32(value.type().id());
            writer.value(value);
        });
        long offset = 0;
        for (GgufWriter.Announced tensor : tensors) {
            writer.text(tensor.name().getBytes(StandardCharsets.UTF_8));
            writer.int32(tensor.dimensions().size());
            tensor.dimensions().forEach(writer::int64);
            writer.int32(tensor.type().id());
            writer.int64(offset);
            offset = TensorIndexReader.padded(Math.addExact(offset, tensor.byteLength()), alignment);
        }
        int bytes = writer.out.size();
        writer.out.writeBytes(new byte[(int) (TensorIndexReader.padded(bytes, alignment) - bytes)]);
        return writer.out.toByteArray();
    }

    static void checkName(String name, int mostBytes) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > mostBytes || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    Quoted.of(name) + " is no name: it must have 1 to " + mostBytes + " bytes, none of control");
        }
    }

    private void value(GgufValue value) {
        if (value instanceof GgufNumber number) {
            out.write(
                    littleEndian(8).putLong(number.bits()).array(),
                    0,
                    number.type().bytes());
        } else if (value instanceof GgufText text) {
            text(text.bytes());
        } else if (value instanceof GgufArray array) {
            int32(array.elementType().id());
            int64(array.size());
            elements(array);
        }
    }

    private void elements(GgufArray array) {
        if (array instanceof GgufNumbers numbers) {
            out.writeBytes(numbers.bytes());
        } else {
            for (int index = 0; index < array.size(); index++) {
                value(array.get(index));
            }
        }
    }

    private void text(byte[] bytes) {
        int64(bytes.length);
        out.writeBytes(bytes);
    }

    private void int32(int value) {
        out.writeBytes(littleEndian(4).putInt(value).array());
    }

    private void int64(long value) {
        out.writeBytes(littleEndian(8).putLong(value).array());
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
