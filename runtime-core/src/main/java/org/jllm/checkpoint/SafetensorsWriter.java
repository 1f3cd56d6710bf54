package org.jllm.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a safetensors file: tensors are announced first, then their bytes follow in the same order, in parts of any
 * size. The data begins at a multiple of 64 bytes. The file appears under its name when {@link #finish()} has found it
 * complete, in one step; until then it is a temporary file beside it, which {@link #close()} deletes. Not thread-safe.
 * Format: <a href="https://github.com/huggingface/safetensors#format">huggingface/safetensors</a>.
 */
public final class SafetensorsWriter implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final List<Announced> tensors;
    private final PartialFile out;
    private int current;
    private long written;

    /**
     * A tensor to write: contiguous, row by row, little-endian.
     *
     * @param shape sizes of the dimensions, outermost first; empty for a single number
     */
    public record Announced(String name, ElementType type, List<Long> shape) {
        public Announced {
            shape = List.copyOf(shape);
            if (name.equals(SafetensorsHeader.METADATA)) {
                throw new IllegalArgumentException("no tensor can be called " + name);
            }
            if (shape.stream().anyMatch(size -> size < 0)) {
                throw new IllegalArgumentException("tensor '" + name + "' has the negative shape " + shape);
            }
        }

        /**
         * Bytes that type and shape make.
         *
         * @throws ArithmeticException if they are more than a {@code long} counts
         */
        public long byteLength() {
            return SafetensorsHeader.byteLength(type, shape);
        }
    }

    /**
     * Starts a file.
     *
     * @param metadata texts for the header's {@code __metadata__}; none if empty
     * @throws IllegalArgumentException if two tensors have one name
     */
    public SafetensorsWriter(Path file, List<Announced> tensors, Map<String, String> metadata) throws IOException {
        this.tensors = List.copyOf(tensors);
        out = new PartialFile(file, header(tensors, metadata));
    }

    /** The bytes before those of the tensors, of which each begins where the one before it ends. */
    public static byte[] header(List<Announced> tensors, Map<String, String> metadata) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = json.putObject(SafetensorsHeader.METADATA);
            metadata.forEach(texts::put);
        }
        Set<String> names = new HashSet<>();
        long end = 0;
        for (Announced tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors are called '" + tensor.name() + "'");
            }
            long begin = end;
            end = Math.addExact(end, tensor.byteLength());
            ObjectNode entry = json.putObject(tensor.name());
            entry.put("dtype", tensor.type().name());
            tensor.shape().forEach(entry.putArray("shape")::add);
            entry.putArray("data_offsets").add(begin).add(end);
        }
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        int lengthBytes = SafetensorsHeader.LENGTH_BYTES;
        int total = (lengthBytes + text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.fill(header.array(), (byte) ' ');
        header.putLong(total - lengthBytes).put(text);
        return header.array();
    }

    /**
     * Writes the next bytes of a tensor. A tensor is complete when it has all that its shape takes; then the next one
     * in the order of their announcement begins.
     *
     * @param bytes all that remain in it are written
     * @throws IllegalArgumentException if this is not the tensor's turn, or it would get more bytes than it takes
     */
    public void write(String tensor, ByteBuffer bytes) throws IOException {
        skipComplete();
        Announced expected = current < tensors.size() ? tensors.get(current) : null;
        if (expected == null || !expected.name().equals(tensor)) {
            throw new IllegalArgumentException("bytes of tensor '" + tensor + "', but next is "
                    + (expected == null ? "the end" : missing(expected)));
        }
        if (bytes.remaining() > expected.byteLength() - written) {
            throw new IllegalArgumentException(bytes.remaining() + " bytes more, but next is " + missing(expected));
        }
        written += bytes.remaining();
        out.write(bytes);
    }

    /**
     * Gives the complete file its name, in place of a file that had it.
     *
     * @throws IllegalStateException if a tensor is incomplete
     */
    public void finish() throws IOException {
        skipComplete();
        if (current < tensors.size()) {
            throw new IllegalStateException(out.file() + " is incomplete: next is " + missing(tensors.get(current)));
        }
        out.finish();
    }

    private void skipComplete() {
        while (current < tensors.size() && written == tensors.get(current).byteLength()) {
            current++;
            written = 0;
        }
    }

    private String missing(Announced tensor) {
        return "tensor '" + tensor.name() + "', of which " + written + " of " + tensor.byteLength()
                + " bytes are written";
    }

    /** Abandons the file, unless it is finished. */
    @Override
    public void close() throws IOException {
        out.close();
    }
}
