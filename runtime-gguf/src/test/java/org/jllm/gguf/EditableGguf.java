package org.jllm.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jllm.gguf.file.GgmlType;
import org.jllm.gguf.file.GgufFile;
import org.jllm.gguf.file.GgufTensor;
import org.jllm.gguf.file.GgufValue;
import org.jllm.gguf.file.GgufWriter;
import org.jllm.gguf.file.GgufWriter.Announced;

/** A GGUF file in memory, whose tensors are all float32. */
record EditableGguf(Map<String, GgufValue> metadata, Map<String, Values> tensors) {
    /** Numbers and their dimensions, the contiguous one first. */
    record Values(List<Long> dimensions, float[] numbers) {
        static Values random(Random random, double deviation, long... dimensions) {
            int count = (int) java.util.Arrays.stream(dimensions).reduce(1, Math::multiplyExact);
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = (float) (random.nextGaussian() * deviation);
            }
            return new Values(java.util.Arrays.stream(dimensions).boxed().toList(), numbers);
        }
    }

    static EditableGguf empty() {
        return new EditableGguf(new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    static EditableGguf read(Path path) throws IOException {
        GgufFile file = GgufFile.read(path);
        EditableGguf read = empty();
        read.metadata.putAll(file.metadata().values());
        try (FileChannel channel = FileChannel.open(path)) {
            for (GgufTensor tensor : file.tensors().values()) {
                if (tensor.type() != GgmlType.F32) {
                    throw new IllegalArgumentException(tensor + " is not float32");
                }
                ByteBuffer bytes =
                        ByteBuffer.allocate((int) tensor.byteLength()).order(ByteOrder.LITTLE_ENDIAN);
                while (bytes.hasRemaining()) {
                    channel.read(bytes, tensor.offset() + bytes.position());
                }
                float[] numbers = new float[(int) tensor.elements()];
                bytes.flip().asFloatBuffer().get(numbers);
                read.tensors.put(tensor.name(), new Values(tensor.dimensions(), numbers));
            }
        }
        return read;
    }

    Path write(Path path) throws IOException {
        return write(path, GgmlType.F32);
    }

    /** Writes zeros where the type is another than float32. */
    Path write(Path path, GgmlType type) throws IOException {
        List<Announced> announced = tensors.entrySet().stream()
                .map(tensor ->
                        new Announced(tensor.getKey(), type, tensor.getValue().dimensions()))
                .toList();
        try (GgufWriter writer = new GgufWriter(path, metadata, announced)) {
            for (Announced tensor : announced) {
                ByteBuffer bytes =
                        ByteBuffer.allocate((int) tensor.byteLength()).order(ByteOrder.LITTLE_ENDIAN);
                if (type == GgmlType.F32) {
                    bytes.asFloatBuffer().put(tensors.get(tensor.name()).numbers());
                }
                writer.write(tensor.name(), bytes);
            }
            writer.finish();
        }
        return path;
    }
}
