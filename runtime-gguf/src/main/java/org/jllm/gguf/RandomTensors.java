package org.jllm.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.CapacityException;
import org.jllm.bench.RandomModel;
import org.jllm.gguf.file.GgmlType;
import org.jllm.gguf.file.GgufNumber;
import org.jllm.gguf.file.GgufText;
import org.jllm.gguf.file.GgufValue;
import org.jllm.gguf.file.GgufWriter;
import org.jllm.gguf.file.GgufWriter.Announced;

/**
 * A GGUF file whose tensors hold random numbers: matrices of float16 around 0, others of one float32 value. Used once,
 * by one thread.
 */
final class RandomTensors {
    /** Prime, so that the rows of a matrix differ. */
    private static final int VALUES = 2_097_143;

    private final Map<String, GgufValue> metadata = new LinkedHashMap<>();
    private final List<Announced> tensors = new ArrayList<>();
    private final Map<String, Float> constants = new LinkedHashMap<>();

    void text(String key, String value) {
        metadata.put(key, GgufText.of(value));
    }

    void integer(String key, int value) {
        metadata.put(key, GgufNumber.uint32(value));
    }

    void number(String key, float value) {
        metadata.put(key, GgufNumber.float32(value));
    }

    /** Announces a matrix of random numbers; {@code columns} is the contiguous dimension. */
    void random(String name, long columns, long rows) {
        tensors.add(new Announced(name, GgmlType.F16, List.of(columns, rows)));
    }

    /** Announces a tensor of float32, all of whose elements have one value. */
    void constant(String name, float value, Long... dimensions) {
        tensors.add(new Announced(name, GgmlType.F32, List.of(dimensions)));
        constants.put(name, value);
    }

    /**
     * Writes the file.
     *
     * @throws CapacityException if it cannot be written; nothing stays then
     */
    void write(Path file) {
        try (GgufWriter writer = new GgufWriter(file, metadata, tensors)) {
            ByteBuffer random = RandomModel.float16(VALUES);
            int from = 0;
            for (Announced tensor : tensors) {
                Float constant = constants.get(tensor.name());
                if (constant == null) {
                    from = write(writer, tensor, random, from);
                } else {
                    writer.write(tensor.name(), repeated(constant, tensor.byteLength()));
                }
            }
            writer.finish();
        } catch (IOException e) {
            throw new CapacityException("cannot write a model into " + file + ": " + e.getMessage(), e);
        }
    }

    /** Writes the numbers from {@code from} on, over and over; where the next tensor begins in them. */
    private static int write(GgufWriter writer, Announced tensor, ByteBuffer random, int from) throws IOException {
        int at = from;
        for (long left = tensor.byteLength(); left > 0; ) {
            int count = (int) Math.min(left, random.capacity() - at);
            writer.write(tensor.name(), random.slice(at, count));
            left -= count;
            at = (at + count) % random.capacity();
        }
        return at;
    }

    private static ByteBuffer repeated(float value, long bytes) {
        ByteBuffer values = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        while (values.hasRemaining()) {
            values.putFloat(value);
        }
        return values.flip();
    }
}
