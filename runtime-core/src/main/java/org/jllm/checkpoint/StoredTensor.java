package org.jllm.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a tensor lies: contiguous, row by row, little-endian.
 *
 * @param shape sizes of the dimensions, outermost first; empty for a single number
 * @param offset of the first byte, from the beginning of the file; a multiple of the element size or not
 * @param byteLength what shape and type make; at least 0
 */
public record StoredTensor(String name, ElementType type, List<Long> shape, Path file, long offset, long byteLength)
        implements Weight {
    public StoredTensor {
        shape = List.copyOf(shape);
    }

    /** Its bytes as a tensor. */
    public StoredTensor asBytes() {
        return new StoredTensor(name, ElementType.U8, List.of(byteLength), file, offset, byteLength);
    }
}
