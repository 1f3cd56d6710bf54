package org.jllm.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.CapacityException;
import org.jllm.bench.RandomModel;

/**
 * Writes a GGUF file (version 3) whose tensors hold random numbers: matrices of float16 around 0, vectors of one float32
 * value. Used once, by one thread.
 */
final class GgufWriter {
    private static final int ALIGNMENT = 32;
    /** Prime, so that the rows of a matrix differ. */
    private static final int VALUES = 2_097_143;

    private static final int UINT32 = 4;
    private static final int FLOAT32 = 6;
    private static final int STRING = 8;
    private static final int TENSOR_F32 = 0;
    private static final int TENSOR_F16 = 1;

    private final List<Tensor> tensors = new ArrayList<>();
    private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    private int metadataCount;

    /** A tensor: its dimensions, the contiguous one first, and the value of all its elements, or NaN for random ones. */
    private record Tensor(String name, List<Long> dimensions, float value) {
        boolean isRandom() {
            return Float.isNaN(value);
        }

        long elements() {
            return dimensions.stream().reduce(1L, Math::multiplyExact);
        }

        long paddedBytes() {
            long bytes = elements() * (isRandom() ? Short.BYTES : Float.BYTES);
            return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
    }

    void text(String key, String value) {
        entry(key, STRING, string(value));
    }

    void integer(String key, int value) {
        entry(key, UINT32, bytes(Integer.BYTES).putInt(value).array());
    }

    void number(String key, float value) {
        entry(key, FLOAT32, bytes(Float.BYTES).putFloat(value).array());
    }

    private void entry(String key, int type, byte[] value) {
        metadata.writeBytes(string(key));
        metadata.writeBytes(bytes(Integer.BYTES).putInt(type).array());
        metadata.writeBytes(value);
        metadataCount++;
    }

    /** Announces a matrix of random numbers; {@code columns} is the contiguous dimension. */
    void random(String name, long columns, long rows) {
        tensors.add(new Tensor(name, List.of(columns, rows), Float.NaN));
    }

    /** Announces a tensor of float32, all of whose elements have one value. */
    void constant(String name, float value, Long... dimensions) {
        tensors.add(new Tensor(name, List.of(dimensions), value));
    }

    /**
     * Writes the file.
     *
     * @throws CapacityException if it cannot be written; nothing stays then
     */
    void write(Path file) {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeFully(out, header());
            ByteBuffer random = RandomModel.float16(VALUES);
            int from = 0;
            for (Tensor tensor : tensors) {
                from = tensor.isRandom() ? write(out, tensor, random, from) : write(out, tensor, from);
            }
        } catch (IOException e) {
            file.toFile().delete();
            throw new CapacityException("cannot write a model into " + file + ": " + e.getMessage(), e);
        }
    }

    private ByteBuffer header() {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        header.writeBytes(bytes(Integer.BYTES).putInt(3).array());
        header.writeBytes(bytes(2 * Long.BYTES)
                .putLong(tensors.size())
                .putLong(metadataCount)
                .array());
        header.writeBytes(metadata.toByteArray());
        long offset = 0;
        for (Tensor tensor : tensors) {
            header.writeBytes(string(tensor.name()));
            header.writeBytes(
                    bytes(Integer.BYTES).putInt(tensor.dimensions().size()).array());
            tensor.dimensions()
                    .forEach(size ->
                            header.writeBytes(bytes(Long.BYTES).putLong(size).array()));
            header.writeBytes(bytes(Integer.BYTES + Long.BYTES)
                    .putInt(tensor.isRandom() ? TENSOR_F16 : TENSOR_F32)
                    .putLong(offset)
                    .array());
            offset += tensor.paddedBytes();
        }
        header.writeBytes(new byte[(ALIGNMENT - header.size() % ALIGNMENT) % ALIGNMENT]);
        return ByteBuffer.wrap(header.toByteArray());
    }

    /** Writes the numbers from {@code from} on, over and over; where the next tensor begins in them. */
    private static int write(FileChannel out, Tensor tensor, ByteBuffer random, int from) throws IOException {
        int at = from;
        for (long left = tensor.paddedBytes(); left > 0; ) {
            int count = (int) Math.min(left, random.capacity() - at);
            writeFully(out, random.slice(at, count));
            left -= count;
            at = (at + count) % random.capacity();
        }
        return at;
    }

    private static int write(FileChannel out, Tensor tensor, int from) throws IOException {
        ByteBuffer values = bytes(Math.toIntExact(tensor.paddedBytes()));
        for (int i = 0; i < tensor.elements(); i++) {
            values.putFloat(i * Float.BYTES, tensor.value());
        }
        writeFully(out, values);
        return from;
    }

    private static byte[] string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return bytes(Long.BYTES + utf8.length).putLong(utf8.length).put(utf8).array();
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
