package org.jllm.gguf.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jllm.checkpoint.PartialFile;

/**
 * Writes a GGUF file, version 3: tensors are announced first, then their bytes follow in the same order, in parts of
 * any size; padding is added between them. The key {@code general.alignment}, if given, is obeyed. The file appears
 * under its name when {@link #finish()} has found it complete, in one step; until then it is a temporary file beside
 * it, which {@link #close()} deletes. Not thread-safe.
 */
public final class GgufWriter implements AutoCloseable {
    private final List<Announced> tensors;
    private final int alignment;
    private final PartialFile out;
    private int current;
    private long written;

    /**
     * A tensor to write.
     *
     * @param dimensions elements by dimension, the contiguous one first, at most 4, each at least 1
     */
    public record Announced(String name, GgmlType type, List<Long> dimensions) {
        public Announced {
            dimensions = List.copyOf(dimensions);
            if (dimensions.size() > TensorIndexReader.MOST_DIMENSIONS
                    || dimensions.stream().anyMatch(size -> size < 1)) {
                throw new IllegalArgumentException(
                        "tensor " + Quoted.of(name) + " cannot have the dimensions " + dimensions);
            }
            HeaderWriter.checkName(name, TensorIndexReader.MOST_NAME_BYTES);
            type.byteLength(dimensions);
        }

        /** Bytes that type and dimensions make. */
        public long byteLength() {
            return type.byteLength(dimensions);
        }
    }

    /**
     * Starts a file.
     *
     * @throws IllegalArgumentException if two tensors have one name, or a key is none that a file can have
     */
    public GgufWriter(Path file, Map<String, GgufValue> metadata, List<Announced> tensors) throws IOException {
        this.tensors = List.copyOf(tensors);
        Set<String> names = new HashSet<>();
        for (Announced tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors are called " + Quoted.of(tensor.name()));
            }
        }
        alignment = GgufHeader.alignment(new GgufMetadata(file.toString(), metadata));
        out = new PartialFile(file, HeaderWriter.header(metadata, tensors, alignment));
    }

    /**
     * Writes the next bytes of a tensor. A tensor is complete when it has all that its dimensions take; then the next
     * one in the order of their announcement begins.
     *
     * @param bytes all that remain in it are written
     * @throws IllegalArgumentException if this is not the tensor's turn, or it would get more bytes than it takes
     */
    public void write(String tensor, ByteBuffer bytes) throws IOException {
        Announced expected = current < tensors.size() ? tensors.get(current) : null;
        if (expected == null || !expected.name().equals(tensor)) {
            throw new IllegalArgumentException("bytes of tensor " + Quoted.of(tensor) + ", but next is "
                    + (expected == null ? "the end" : missing(expected)));
        }
        if (bytes.remaining() > expected.byteLength() - written) {
            throw new IllegalArgumentException(bytes.remaining() + " bytes more, but next is " + missing(expected));
        }
        written += bytes.remaining();
        out.write(bytes);
        if (written == expected.byteLength()) {
            out.write(ByteBuffer.allocate((int) (TensorIndexReader.padded(written, alignment) - written)));
            current++;
            written = 0;
        }
    }

    /**
     * Gives the complete file its name, in place of a file that had it.
     *
     * @throws IllegalStateException if a tensor is incomplete
     */
    public void finish() throws IOException {
        if (current < tensors.size()) {
            throw new IllegalStateException(out.file() + " is incomplete: next is " + missing(tensors.get(current)));
        }
        out.finish();
    }

    private String missing(Announced tensor) {
        return "tensor " + Quoted.of(tensor.name()) + ", of which " + written + " of " + tensor.byteLength()
                + " bytes are written";
    }

    /** Abandons the file, unless it is finished. */
    @Override
    public void close() throws IOException {
        out.close();
    }
}
