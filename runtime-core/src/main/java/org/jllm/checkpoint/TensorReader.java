package org.jllm.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import org.jllm.api.InvalidModelException;

/**
 * Reads the elements of a tensor, row by row, in parts, whatever its strides are and however it is stored. Nothing but
 * the current part is in memory, save for a compressed storage out of row order, which is unpacked first. Not thread-safe.
 */
public final class TensorReader {
    private static final int PART_BYTES = 4 << 20;

    private ByteBuffer part = ByteBuffer.allocate(0);

    /** Takes the parts of a tensor. */
    @FunctionalInterface
    public interface Parts {
        /**
         * The next elements.
         *
         * @param part direct, little-endian, whole elements; valid during the call only
         */
        void accept(ByteBuffer part);
    }

    /**
     * Hands over all elements.
     *
     * @throws InvalidModelException if the file cannot be read, or ends early
     * @throws org.jllm.api.CapacityException if it has to be unpacked and is larger than Java's memory
     */
    public void read(StoredTensor tensor, Parts parts) {
        int needed = (int) Math.min(PART_BYTES, tensor.byteLength());
        if (part.capacity() < needed) {
            part = ByteBuffer.allocateDirect(needed).order(ByteOrder.LITTLE_ENDIAN);
        }
        try {
            if (tensor.isContiguous()) {
                readInOrder(tensor, parts);
            } else {
                gather(tensor, parts);
            }
        } catch (IOException e) {
            throw new InvalidModelException(
                    "cannot read tensor '" + StrictJson.bounded(tensor.name()) + "' of " + tensor.file() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private void readInOrder(StoredTensor tensor, Parts parts) throws IOException {
        long length = tensor.byteLength();
        try (ReadableByteChannel channel = StorageReader.open(tensor.storage(), tensor.offset())) {
            for (long done = 0; done < length; done += part.limit()) {
                part.clear().limit((int) Math.min(part.capacity(), length - done));
                StorageReader.fill(channel, part);
                parts.accept(part.flip());
            }
        }
    }

    private void gather(StoredTensor tensor, Parts parts) throws IOException {
        RandomElements elements = RandomElements.of(tensor);
        long[] shape = numbers(tensor.shape());
        long[] strides = numbers(tensor.strides());
        long[] index = new long[shape.length];
        long element = 0;
        part.clear();
        for (long left = tensor.elements(); left > 0; left--) {
            elements.copy(element, part);
            if (!part.hasRemaining() || left == 1) {
                parts.accept(part.flip());
                part.clear();
            }
            for (int i = shape.length - 1; i >= 0; i--) {
                element += strides[i];
                if (++index[i] < shape[i]) {
                    break;
                }
                element -= index[i] * strides[i];
                index[i] = 0;
            }
        }
    }

    private static long[] numbers(List<Long> list) {
        return list.stream().mapToLong(Long::longValue).toArray();
    }
}
