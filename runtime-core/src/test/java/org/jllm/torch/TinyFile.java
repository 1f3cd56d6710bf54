package org.jllm.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.jllm.checkpoint.TorchSave;

/** Tensors of a file to be written, in the order that they were put in. */
final class TinyFile {
    private final Map<String, Announced> announced = new LinkedHashMap<>();
    private final Map<String, ByteBuffer> bytes = new LinkedHashMap<>();

    TinyFile float32(String name, double[] values, long... shape) {
        return put(name, ElementType.F32, values.length, (buffer, i) -> buffer.putFloat((float) values[i]), shape);
    }

    /** Values that float16 holds exactly. */
    TinyFile float16(String name, double[] values, long... shape) {
        return put(name, ElementType.F16, values.length, (buffer, i) -> buffer.putShort(half(values[i])), shape);
    }

    /** Rounded towards zero. */
    TinyFile bfloat16(String name, double[] values, long... shape) {
        return put(
                name,
                ElementType.BF16,
                values.length,
                (buffer, i) -> buffer.putShort((short) (Float.floatToIntBits((float) values[i]) >>> 16)),
                shape);
    }

    TinyFile int32(String name, int[] values, long... shape) {
        return put(name, ElementType.I32, values.length, (buffer, i) -> buffer.putInt(values[i]), shape);
    }

    /** Bytes as they will stand in the file. */
    TinyFile raw(String name, ElementType type, byte[] values, long... shape) {
        announced.put(
                name, new Announced(name, type, Arrays.stream(shape).boxed().toList()));
        bytes.put(name, ByteBuffer.wrap(values));
        return this;
    }

    TinyFile text(String name, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return raw(name, ElementType.U8, encoded, encoded.length);
    }

    TinyFile remove(String name) {
        announced.remove(name);
        bytes.remove(name);
        return this;
    }

    List<String> names() {
        return List.copyOf(announced.keySet());
    }

    Announced announced(String name) {
        return announced.get(name);
    }

    private TinyFile put(String name, ElementType type, int count, ObjIntConsumer<ByteBuffer> writer, long... shape) {
        ByteBuffer buffer = ByteBuffer.allocate(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            writer.accept(buffer, i);
        }
        return raw(name, type, buffer.array(), shape);
    }

    void write(Path file) {
        try (SafetensorsWriter writer = new SafetensorsWriter(file, List.copyOf(announced.values()), Map.of())) {
            for (Map.Entry<String, ByteBuffer> tensor : bytes.entrySet()) {
                if (tensor.getValue().hasRemaining()) {
                    writer.write(tensor.getKey(), tensor.getValue().duplicate());
                }
            }
            writer.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same tensors as a file of PyTorch. */
    TorchSave torchSave() {
        TorchSave saved = new TorchSave();
        announced.forEach((name, tensor) -> saved.tensor(
                name, tensor.type(), tensor.shape(), bytes.get(name).array()));
        return saved;
    }

    private static short half(double value) {
        int bits = Float.floatToIntBits((float) value);
        int exponent = (bits >> 23 & 0xff) - 127;
        if (value == 0) {
            return 0;
        }
        if (exponent < -14 || exponent > 15 || (bits & 0x1fff) != 0) {
            throw new IllegalArgumentException(value + " is no float16");
        }
        return (short) (bits >>> 16 & 0x8000 | exponent + 15 << 10 | bits >> 13 & 0x3ff);
    }
}
