package org.jllm.checkpoint.pack;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jllm.checkpoint.SafetensorsWriter.Announced;

/** A pack on the disk whose header is right. Its bytes are copied, so that it may go while they are used. Not thread-safe. */
public final class Pack implements AutoCloseable {
    /** What a processor's cache holds between the copy and the checksum. */
    private static final int PART_BYTES = 1 << 18;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Place> places;

    private record Place(long position, long byteLength, long checksum) {}

    /**
     * Bytes of a tensor, from its first one on, as they were written.
     *
     * @param into direct; filled one after the other
     */
    public record Reading(String tensor, List<ByteBuffer> into) {
        public Reading {
            into = List.copyOf(into);
        }
    }

    private Pack(Path file, FileChannel channel, Map<String, Place> places) {
        this.file = file;
        this.channel = channel;
        this.places = places;
    }

    /** The pack in a file; empty if its header or its size are others than those of this content. */
    static Optional<Pack> open(Path file, PackContent content) throws IOException {
        byte[] header = content.header();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            ByteBuffer found = ByteBuffer.allocate(header.length);
            if (channel.size() == header.length + content.dataBytes()) {
                fill(channel, found, 0);
            }
            if (Arrays.equals(found.array(), header)) {
                return Optional.of(new Pack(file, channel, places(channel, content, header.length)));
            }
            channel.close();
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Map<String, Place> places(FileChannel channel, PackContent content, long begin) throws IOException {
        List<Announced> tensors = content.tensors();
        int checksumBytes = (int) tensors.get(tensors.size() - 1).byteLength();
        ByteBuffer checksums = ByteBuffer.allocate(checksumBytes).order(ByteOrder.LITTLE_ENDIAN);
        fill(channel, checksums, begin + content.dataBytes() - checksumBytes);
        checksums.flip();
        Map<String, Place> places = new HashMap<>();
        long position = begin;
        for (Announced tensor : tensors.subList(0, tensors.size() - 1)) {
            places.put(tensor.name(), new Place(position, tensor.byteLength(), checksums.getLong()));
            position += tensor.byteLength();
        }
        return places;
    }

    /** Reads tensors, several at once; false if the bytes of one are not as they were written, or cannot be read. */
    public boolean read(List<Reading> readings) {
        return readings.parallelStream().allMatch(this::read);
    }

    private boolean read(Reading reading) {
        Place place = places.get(reading.tensor());
        if (place == null) {
            throw new IllegalArgumentException("no tensor '" + reading.tensor() + "' in " + file);
        }
        CRC32C checksum = new CRC32C();
        long position = place.position();
        long left = place.byteLength();
        try {
            for (ByteBuffer into : reading.into()) {
                left -= into.remaining();
                if (left < 0) {
                    return false;
                }
                for (long begin = into.position(); begin < into.limit(); begin += PART_BYTES) {
                    ByteBuffer part = into.slice((int) begin, (int) Math.min(PART_BYTES, into.limit() - begin));
                    position += fill(channel, part, position);
                    checksum.update(part.flip());
                }
            }
            return checksum.getValue() == place.checksum();
        } catch (IOException e) {
            PackFolder.LOGGER.log(System.Logger.Level.DEBUG, "cannot read " + file, e);
            return false;
        }
    }

    private static int fill(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
        int count = buffer.remaining();
        for (int done = 0; done < count; ) {
            int read = channel.read(buffer, position + done);
            if (read < 0) {
                throw new EOFException("the file ends early");
            }
            done += read;
        }
        return count;
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            PackFolder.LOGGER.log(System.Logger.Level.DEBUG, "not closed", e);
        }
    }
}
