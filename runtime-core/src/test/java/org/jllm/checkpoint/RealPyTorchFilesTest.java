package org.jllm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that PyTorch 2.13 wrote: one dictionary in several forms. Each tensor is cut from counted-up numbers, in a way that
 * its name says.
 */
class RealPyTorchFilesTest {
    private static final Path FOLDER = Path.of("src/test/resources/pytorch");

    @ParameterizedTest
    @ValueSource(strings = {"zip", "legacy", "deflated", "wrapped-protocol-5", "wrapped-legacy-protocol-4"})
    void everyTensor(String name) {
        Checkpoint checkpoint = Checkpoint.read(FOLDER.resolve(name + ".bin"));
        for (ElementType type : ElementType.values()) {
            assertThat(checkpoint.require(type.name()).type()).isEqualTo(type);
            if (type != ElementType.BOOL) {
                assertTensor(checkpoint, type.name(), List.of(2L, 3L), 0, 1, 2, 3, 4, 5);
            }
        }
        assertTensor(checkpoint, "BOOL", List.of(3L), 1, 0, 1);
        assertTensor(checkpoint, "scalar", List.of(), 7);
        assertTensor(checkpoint, "empty", List.of(0L, 4L));
        double[] all = IntStream.range(0, 24).asDoubleStream().toArray();
        assertTensor(checkpoint, "whole", List.of(4L, 6L), all);
        assertTensor(checkpoint, "tied", List.of(4L, 6L), all);
        assertTensor(checkpoint, "slice", List.of(6L), 6, 7, 8, 9, 10, 11);
        assertTensor(checkpoint, "step", List.of(5L), 1, 6, 11, 16, 21);
        assertTensor(checkpoint, "block", List.of(2L, 3L), 8, 9, 10, 14, 15, 16);
        assertTensor(
                checkpoint,
                "transposed",
                List.of(6L, 4L),
                IntStream.range(0, 24).mapToDouble(i -> i % 4 * 6 + i / 4).toArray());
        assertTensor(
                checkpoint,
                "permuted",
                List.of(4L, 2L, 3L),
                IntStream.range(0, 24).mapToDouble(i -> i / 6 + 4 * (i % 6)).toArray());
        assertTensor(checkpoint, "repeated", List.of(2L, 3L), 0, 1, 2, 0, 1, 2);
        assertTensor(checkpoint, "parameter", List.of(4L), 0, 1, 2, 3);
        assertTensor(checkpoint, "noted parameter", List.of(2L), 0, 1);
        assertTensor(checkpoint, "noted tensor", List.of(3L), 0, 1, 2);
        assertTensor(checkpoint, "名前.weight", List.of(2L), 0, 1);
        assertThat(checkpoint.tensors()).hasSize(ElementType.values().length + 14);
        assertThat(checkpoint.distinct()).hasSize(checkpoint.tensors().size() - 1);
    }

    private static void assertTensor(Checkpoint checkpoint, String name, List<Long> shape, double... values) {
        StoredTensor tensor = checkpoint.require(name);
        assertThat(tensor.shape()).as(name).isEqualTo(shape);
        assertThat(values(tensor)).as(name).containsExactly(values);
    }

    static double[] values(StoredTensor tensor) {
        List<Double> values = new ArrayList<>();
        new TensorReader().read(tensor, part -> {
            while (part.hasRemaining()) {
                values.add(next(part, tensor.type()));
            }
        });
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double next(ByteBuffer part, ElementType type) {
        return switch (type) {
            case F64 -> part.getDouble();
            case F32 -> part.getFloat();
            case F16 -> half(part.getShort());
            case BF16 -> Float.intBitsToFloat(part.getShort() << 16);
            case I64 -> part.getLong();
            case I32 -> part.getInt();
            case I16 -> part.getShort();
            case I8, U8, BOOL -> part.get();
        };
    }

    /** Of small whole numbers, which is all that is here. */
    private static double half(short bits) {
        int exponent = bits >> 10;
        return exponent == 0 ? 0 : Math.scalb(1 + (bits & 0x3ff) / 1024.0, exponent - 15);
    }
}
