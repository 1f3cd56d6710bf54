package org.jllm.onnx;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tensor that a graph holds.
 *
 * @param type of its elements; empty if it is another than those we know
 * @param shape lengths of its dimensions
 * @param data the elements as they lie in the file, little-endian; null where they are in another file or stored as a list of
 *     numbers
 * @param bytes that it takes in its file
 */
record GraphTensor(
        Optional<GraphType> type,
        List<Long> shape,
        @Nullable ByteBuffer data,
        long bytes) {
    GraphTensor {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
