package org.jllm.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a tensor lies: little-endian, in a storage that it may share with others.
 *
 * @param shape sizes of the dimensions, outermost first; empty for a single number
 * @param strides elements from one index of a dimension to the next, at least 0; as many as sizes
 * @param offset of the first element, in bytes from the beginning of the storage
 */
public record StoredTensor(
        String name, ElementType type, List<Long> shape, List<Long> strides, Storage storage, long offset)
        implements Weight {
    public StoredTensor {
        shape = List.copyOf(shape);
        strides = List.copyOf(strides);
    }

    /** A tensor whose elements follow each other, row by row. */
    static StoredTensor contiguous(String name, ElementType type, List<Long> shape, Storage storage, long offset) {
        return new StoredTensor(name, type, shape, contiguousStrides(shape), storage, offset);
    }

    static List<Long> contiguousStrides(List<Long> shape) {
        List<Long> strides = new ArrayList<>(shape);
        long stride = 1;
        for (int i = shape.size() - 1; i >= 0; i--) {
            strides.set(i, stride);
            stride *= Math.max(shape.get(i), 1);
        }
        return strides;
    }

    /** The same tensor under another name. */
    public StoredTensor named(String other) {
        return new StoredTensor(other, type, shape, strides, storage, offset);
    }

    @Override
    public Path file() {
        return storage.file();
    }

    @Override
    public List<StoredTensor> parts() {
        return List.of(this);
    }

    @Override
    public long elements() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    }

    /** What shape and type make; at least 0. */
    public long byteLength() {
        return elements() * type.bytes();
    }

    /** Whether its elements follow each other, row by row. */
    public boolean isContiguous() {
        long stride = 1;
        for (int i = shape.size() - 1; i >= 0; i--) {
            if (shape.get(i) > 1 && strides.get(i) != stride) {
                return elements() == 0;
            }
            stride *= Math.max(shape.get(i), 1);
        }
        return true;
    }

    /** Bytes from its first element to the end of its last. */
    long span() {
        if (elements() == 0) {
            return 0;
        }
        long last = 0;
        for (int i = 0; i < shape.size(); i++) {
            last += (shape.get(i) - 1) * strides.get(i);
        }
        return (last + 1) * type.bytes();
    }

    /** Whether the file can be mapped so that the tensor is a view of it: not compressed, and aligned. */
    public boolean isMappable() {
        return !storage.compressed() && position() % type.bytes() == 0;
    }

    /** Where its first element lies in the file, if its storage is not compressed. */
    public long position() {
        return storage.position() + offset;
    }

    /** The bytes of a tensor whose elements follow each other, as a tensor. */
    public StoredTensor asBytes() {
        return contiguous(name, ElementType.U8, List.of(byteLength()), storage, offset);
    }
}
