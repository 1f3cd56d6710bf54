package org.jllm.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jllm.api.InvalidModelException;

/** The bytes of a storage as they are in memory, unpacked where the file has them compressed. */
final class StorageReader {
    private static final int BUFFER_BYTES = 1 << 18;

    private StorageReader() {}

    /** From the given byte on; what follows the storage in the file may follow here too. */
    static ReadableByteChannel open(Storage storage, long from) throws IOException {
        FileChannel file = FileChannel.open(storage.file(), StandardOpenOption.READ);
        try {
            if (!storage.compressed()) {
                return file.position(storage.position() + from);
            }
            InputStream unpacked = new Unpacked(Channels.newInputStream(file.position(storage.position())));
            unpacked.skipNBytes(from);
            return Channels.newChannel(unpacked);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static final class Unpacked extends InflaterInputStream {
        Unpacked(InputStream packed) {
            super(packed, new Inflater(true), BUFFER_BYTES);
        }

        @Override
        public void close() throws IOException {
            super.close();
            inf.end();
        }
    }

    static void fill(ReadableByteChannel channel, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into) < 0) {
                throw new EOFException("the file ends early");
            }
        }
    }

    /**
     * Reads a storage whole and compares it with its checksum, if the file has one.
     *
     * @throws InvalidModelException if they differ, or it cannot be read
     */
    static void verify(Storage storage) {
        if (storage.checksum().isEmpty()) {
            return;
        }
        CRC32 checksum = new CRC32();
        ByteBuffer part = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (ReadableByteChannel channel = open(storage, 0)) {
            for (long left = storage.byteLength(); left > 0; left -= part.limit()) {
                part.clear().limit((int) Math.min(part.capacity(), left));
                fill(channel, part);
                checksum.update(part.flip());
            }
        } catch (IOException e) {
            throw new InvalidModelException(
                    "cannot read " + storage.file() + " from byte " + storage.position() + " on: " + e.getMessage(), e);
        }
        if (checksum.getValue() != storage.checksum().getAsLong()) {
            throw new InvalidModelException(storage.file() + " is damaged: the bytes from " + storage.position()
                    + " on do not have the checksum that the file gives, download it again");
        }
    }
}
