package org.jllm.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that appears under its name only when it is complete: until then it is a temporary file beside it. Not safe for
 * use by several threads.
 */
public final class PartialFile implements AutoCloseable {
    private final Path file;
    private final Path temporary;
    private final FileChannel channel;

    /** Starts with the given bytes; if they cannot be written, nothing stays. */
    public PartialFile(Path file, byte[] beginning) throws IOException {
        this.file = file.toAbsolutePath();
        temporary = this.file.resolveSibling(this.file.getFileName() + "." + UUID.randomUUID() + ".partial");
        channel = FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        try {
            write(ByteBuffer.wrap(beginning));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** The name that it will have. */
    public Path file() {
        return file;
    }

    /** Writes all that remains in {@code bytes}. */
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Gives the file its name, in place of a file that had it. */
    public void finish() throws IOException {
        channel.close();
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Abandons the file, unless it is finished. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
