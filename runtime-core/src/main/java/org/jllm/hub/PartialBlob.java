package org.jllm.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/**
 * A file that is being downloaded in parts, under a name of its own. Behind its content stands a table of how many bytes
 * of each part are there, and the content's size, so that a later process goes on where this one was killed; holes take no disk space. Different
 * parts may be written by several threads at once, each part by one.
 */
final class PartialBlob implements AutoCloseable {
    /** Ends the names of such files. */
    static final String SUFFIX = ".jllm-partial";

    private static final long MAGIC = 0x6a6c6c6d50415254L;
    private static final int HEADER = 2 * Long.BYTES;

    private static final int MOST_PARTS = 1 << 24;

    /**
     * What stands behind the content.
     *
     * @param partBytes 0: all parts are complete
     */
    private record Table(long partBytes, long[] done) {
        long received(long size) {
            return partBytes > 0 ? LongStream.of(done).sum() : size;
        }
    }

    private final Path file;
    private final long size;
    private final FileChannel channel;
    private long partBytes;
    private AtomicLongArray done;

    /**
     * Opens what an earlier download has left, or begins anew.
     *
     * @param size of the whole content
     * @param partBytes of each part but the last, at least 1; what is found keeps its own
     */
    PartialBlob(Path file, long size, long partBytes) throws IOException {
        this.file = file;
        this.size = size;
        this.partBytes = partBytes;
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        done = new AtomicLongArray(parts(partBytes));
        try {
            if (!resume()) {
                begin();
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private int parts(long bytesOfPart) {
        return Math.toIntExact((size + bytesOfPart - 1) / bytesOfPart);
    }

    private boolean resume() throws IOException {
        Optional<Table> found = table(channel, size);
        if (found.isEmpty()) {
            return false;
        }
        if (found.get().partBytes() > 0) {
            partBytes = found.get().partBytes();
        }
        done = new AtomicLongArray(parts(partBytes));
        for (int part = 0; part < done.length(); part++) {
            done.set(part, found.get().partBytes() > 0 ? found.get().done()[part] : length(part));
        }
        return true;
    }

    /** How many bytes an earlier or a running download has left there; changes nothing. */
    static long received(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return table(channel, size)
                    .map(found ->
                            found.partBytes() > 0 ? LongStream.of(found.done()).sum() : size)
                    .orElse(0L);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** Bytes that such a file takes on a disk that knows holes. */
    static long allocated(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer end = read(channel, Math.max(0, channel.size() - Long.BYTES), Long.BYTES);
            long size = end.remaining() < Long.BYTES ? -1 : end.getLong();
            return size < 0 || size >= channel.size()
                    ? channel.size()
                    : table(channel, size).map(found -> found.received(size)).orElse(channel.size());
        }
    }

    private static Optional<Table> table(FileChannel channel, long size) throws IOException {
        if (channel.size() == size && size > 0) {
            // Killed in finish(): the content is there, the table is gone.
            return Optional.of(new Table(0, new long[0]));
        }
        ByteBuffer header = read(channel, size, HEADER);
        if (header.remaining() < HEADER || header.getLong() != MAGIC) {
            return Optional.empty();
        }
        long partBytes = header.getLong();
        if (partBytes < 1 || size / partBytes > MOST_PARTS) {
            return Optional.empty();
        }
        long[] done = new long[(int) ((size + partBytes - 1) / partBytes)];
        ByteBuffer bytes = read(channel, size + HEADER, done.length * Long.BYTES);
        if (bytes.remaining() < done.length * Long.BYTES) {
            return Optional.empty();
        }
        for (int part = 0; part < done.length; part++) {
            done[part] = bytes.getLong();
            if (done[part] < 0 || done[part] > Math.min(partBytes, size - part * partBytes)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Table(partBytes, done));
    }

    private void begin() throws IOException {
        channel.truncate(0);
        ByteBuffer table = ByteBuffer.allocate(HEADER + (parts() + 1) * Long.BYTES);
        table.putLong(MAGIC)
                .putLong(partBytes)
                .putLong(table.capacity() - Long.BYTES, size)
                .rewind();
        write(table, size);
    }

    private static ByteBuffer read(FileChannel channel, long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) > 0) {
            // On until the end of the file.
        }
        return bytes.flip();
    }

    private void write(ByteBuffer bytes, long position) throws IOException {
        long next = position;
        while (bytes.hasRemaining()) {
            next += channel.write(bytes, next);
        }
    }

    int parts() {
        return done.length();
    }

    /** Where a part begins. */
    long start(int part) {
        return part * partBytes;
    }

    /** Bytes of a whole part. */
    long length(int part) {
        return Math.min(partBytes, size - start(part));
    }

    /** Bytes of a part that are here. */
    long done(int part) {
        return done.get(part);
    }

    boolean isComplete(int part) {
        return done(part) == length(part);
    }

    /** Bytes that are here, of all parts. */
    long received() {
        long sum = 0;
        for (int part = 0; part < parts(); part++) {
            sum += done(part);
        }
        return sum;
    }

    /** Adds the next bytes of a part. */
    void append(int part, ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        if (count > length(part) - done(part)) {
            throw new IllegalArgumentException("more bytes than the part has");
        }
        write(bytes, start(part) + done(part));
        long now = done.addAndGet(part, count);
        write(ByteBuffer.allocate(Long.BYTES).putLong(0, now), size + HEADER + (long) part * Long.BYTES);
    }

    /** Feeds a complete part to a hash. */
    void hash(int part, ContentHash hash) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
        long position = start(part);
        long end = position + length(part);
        while (position < end) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
            int read = channel.read(buffer, position);
            if (read <= 0) {
                throw new IOException(file + " has become shorter");
            }
            position += read;
            hash.update(buffer.flip());
        }
    }

    /** Gives the complete content its final name, in place of a file that had it. */
    void finish(Path target) throws IOException {
        channel.truncate(size);
        channel.force(true);
        channel.close();
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Throws the content away. */
    void discard() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    /** Leaves the content for a later download. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
