package org.jllm.gguf.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jllm.api.UnsupportedModelException;

/** Reads the tensor index of a header and checks it against the bytes that follow, as llama.cpp will. */
final class TensorIndexReader {
    /** llama.cpp compares each name with each. */
    static final int MOST_TENSORS = 1 << 17;
    /** {@code GGML_MAX_NAME} less the NUL at its end. */
    static final int MOST_NAME_BYTES = 63;

    static final int MOST_DIMENSIONS = 4;
    /** llama.cpp aborts where what it maps does not begin at a multiple ({@code TENSOR_ALIGNMENT} in ggml-impl.h). */
    static final int MAPPED_ALIGNMENT = 32;
    /** The length of a name, the number of dimensions, the type and the offset. */
    private static final int LEAST_ENTRY_BYTES = 8 + 1 + 4 + 4 + 8;

    private record Entry(String name, GgmlType type, List<Long> dimensions, long byteLength, long offset) {}

    private final GgufInput input;
    private final int alignment;

    TensorIndexReader(GgufInput input, int alignment) {
        this.input = input;
        this.alignment = alignment;
    }

    static void checkCount(GgufInput input, long count) {
        input.checkCount(count, LEAST_ENTRY_BYTES, "tensors");
        if (count > MOST_TENSORS) {
            throw input.invalid("has " + count + " tensors, more than the " + MOST_TENSORS + " that are read");
        }
    }

    List<GgufTensor> read(long count) throws IOException {
        checkCount(input, count);
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int index = 0; index < count; index++) {
            Entry entry = entry(index, count);
            if (!names.add(entry.name())) {
                throw input.invalid("tensor " + Quoted.of(entry.name()) + " is there twice");
            }
            entries.add(entry);
        }
        return place(entries);
    }

    private Entry entry(int index, long count) throws IOException {
        String name = input.name(MOST_NAME_BYTES, "the name of tensor " + (index + 1) + " of " + count);
        String what = "tensor " + Quoted.of(name);
        List<Long> dimensions = dimensions(what);
        GgmlType type = type(what);
        return new Entry(
                name, type, dimensions, byteLength(type, dimensions, what), input.int64("the offset of " + what));
    }

    private List<Long> dimensions(String what) throws IOException {
        int count = input.int32("the number of dimensions of " + what);
        if (count < 0 || count > MOST_DIMENSIONS) {
            throw input.invalid(what + " has " + Integer.toUnsignedString(count) + " dimensions; at most "
                    + MOST_DIMENSIONS + " are possible");
        }
        List<Long> dimensions = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            dimensions.add(input.int64("dimension " + index + " of " + what));
        }
        if (dimensions.stream().anyMatch(size -> size < 1)) {
            throw input.invalid(what + " has the dimensions " + dimensions + "; each must be at least 1");
        }
        return dimensions;
    }

    private GgmlType type(String what) throws IOException {
        int id = input.int32("the type of " + what);
        if (GgmlType.wasRemoved(id)) {
            throw new UnsupportedModelException(input.file() + ": " + what + " has the type " + id
                    + ", which llama.cpp no longer reads: quantise the model again");
        }
        return GgmlType.of(id)
                .orElseThrow(() -> input.invalid(what + " has the unknown type " + Integer.toUnsignedString(id)
                        + "; the file is damaged, or newer than this version of jllm"));
    }

    private long byteLength(GgmlType type, List<Long> dimensions, String what) {
        try {
            return type.byteLength(dimensions);
        } catch (ArithmeticException e) {
            throw input.invalid(what + " has the dimensions " + dimensions + ", which no file can hold");
        } catch (IllegalArgumentException e) {
            throw input.invalid(what + " has " + e.getMessage());
        }
    }

    /** The tensors follow each other in the order of the index, each from the next multiple of the alignment on. */
    private List<GgufTensor> place(List<Entry> entries) {
        long size = input.size();
        long start = padded(input.position());
        if (!entries.isEmpty() && start > size) {
            throw input.invalid("ends at byte " + size + ", before its first tensor at " + start
                    + ": it is cut short, download it again");
        }
        List<GgufTensor> tensors = new ArrayList<>();
        long end = 0;
        for (Entry entry : entries) {
            checkPlace(entry, end, start);
            tensors.add(new GgufTensor(
                    entry.name(),
                    entry.type(),
                    entry.dimensions(),
                    input.file(),
                    start + entry.offset(),
                    entry.byteLength()));
            end = padded(entry.offset() + entry.byteLength());
        }
        if (size > start + end) {
            throw input.invalid("has " + (size - start - end)
                    + " bytes after its last tensor: it is damaged, or more than one file");
        }
        return tensors;
    }

    private void checkPlace(Entry entry, long expected, long start) {
        String what = "tensor " + Quoted.of(entry.name());
        long room = input.size() - start;
        String begins = what + " begins at byte " + Long.toUnsignedString(entry.offset()) + " of the data";
        if (Long.remainderUnsigned(entry.offset(), alignment) != 0) {
            throw input.invalid(begins + ", which is no multiple of the alignment " + alignment);
        }
        if (entry.offset() < 0 || entry.offset() > room || entry.byteLength() > room - entry.offset()) {
            throw input.invalid(begins + " and takes " + entry.byteLength() + " bytes, but the file has " + room
                    + " bytes of data: it is damaged or cut short, download it again");
        }
        if (entry.offset() != expected) {
            throw input.invalid(begins + ", but has to at " + expected + ", where the one before it ends: they "
                    + (entry.offset() < expected ? "overlap" : "leave a gap"));
        }
        if ((start + entry.offset()) % MAPPED_ALIGNMENT != 0) {
            throw new UnsupportedModelException(input.file() + ": " + what + " begins at byte "
                    + (start + entry.offset()) + " of the file; with general.alignment " + alignment
                    + " the file cannot be mapped, write it again with " + MAPPED_ALIGNMENT);
        }
    }

    private long padded(long position) {
        return padded(position, alignment);
    }

    static long padded(long position, int alignment) {
        return (position + alignment - 1) / alignment * alignment;
    }
}
