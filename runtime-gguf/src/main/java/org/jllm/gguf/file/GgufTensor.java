package org.jllm.gguf.file;

import java.nio.file.Path;
import java.util.List;

/**
 * A tensor of a file.
 *
 * @param dimensions elements by dimension, the contiguous one first (as ggml counts, the reverse of PyTorch's shape),
 *     at most 4; empty for a single number
 * @param file the file that holds its bytes
 * @param offset of its first byte in that file
 * @param byteLength how many bytes it takes
 */
public record GgufTensor(String name, GgmlType type, List<Long> dimensions, Path file, long offset, long byteLength) {
    public GgufTensor {
        dimensions = List.copyOf(dimensions);
    }

    /** How many numbers it holds. */
    public long elements() {
        return GgmlType.elements(dimensions);
    }
}
