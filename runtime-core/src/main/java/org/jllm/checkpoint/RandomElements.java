package org.jllm.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.CapacityException;

/** The elements of a tensor's storage in any order, from its first one on: mapped, or unpacked into memory. */
final class RandomElements {
    /** A buffer holds less than 2 GiB; elements do not straddle two, since this is a multiple of every element's size. */
    private static final int CHUNK_BITS = 28;

    private static final int CHUNK_BYTES = 1 << CHUNK_BITS;

    private final List<ByteBuffer> chunks;
    private final int size;

    private RandomElements(List<ByteBuffer> chunks, int size) {
        this.chunks = chunks;
        this.size = size;
    }

    static RandomElements of(StoredTensor tensor) throws IOException {
        return new RandomElements(
                tensor.storage().compressed() ? unpack(tensor) : map(tensor),
                tensor.type().bytes());
    }

    private static List<ByteBuffer> map(StoredTensor tensor) throws IOException {
        List<ByteBuffer> chunks = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
            if (channel.size() < tensor.position() + tensor.span()) {
                throw new IOException("the file ends early");
            }
            for (long done = 0; done < tensor.span(); done += CHUNK_BYTES) {
                long length = Math.min(CHUNK_BYTES, tensor.span() - done);
                chunks.add(channel.map(FileChannel.MapMode.READ_ONLY, tensor.position() + done, length)
                        .order(ByteOrder.LITTLE_ENDIAN));
            }
        }
        return chunks;
    }

    private static List<ByteBuffer> unpack(StoredTensor tensor) throws IOException {
        long most = Runtime.getRuntime().maxMemory() / 2;
        if (tensor.span() > most) {
            throw new CapacityException("tensor '" + StrictJson.bounded(tensor.name()) + "' of " + tensor.file()
                    + " is compressed and not in row order: unpacking it takes " + tensor.span()
                    + " bytes, and half of Java's memory are " + most + "; raise it with JLLM_JAVA_OPTIONS=-Xmx…");
        }
        List<ByteBuffer> chunks = new ArrayList<>();
        try (ReadableByteChannel channel = StorageReader.open(tensor.storage(), tensor.offset())) {
            for (long done = 0; done < tensor.span(); done += CHUNK_BYTES) {
                ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, tensor.span() - done))
                        .order(ByteOrder.LITTLE_ENDIAN);
                StorageReader.fill(channel, chunk);
                chunks.add(chunk);
            }
        }
        return chunks;
    }

    /** Appends an element to {@code to}. */
    void copy(long element, ByteBuffer to) {
        long position = element * size;
        ByteBuffer chunk = chunks.get((int) (position >> CHUNK_BITS));
        int at = (int) (position & (CHUNK_BYTES - 1));
        switch (size) {
            case 1 -> to.put(chunk.get(at));
            case 2 -> to.putShort(chunk.getShort(at));
            case 4 -> to.putInt(chunk.getInt(at));
            default -> to.putLong(chunk.getLong(at));
        }
    }
}
