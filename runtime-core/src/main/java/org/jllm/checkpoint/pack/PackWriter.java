package org.jllm.checkpoint.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.zip.CRC32C;
import org.jllm.checkpoint.SafetensorsWriter;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.jllm.hub.BlobLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes a pack while its matrices are made. It is under its name only when it is complete; whatever cannot be written leaves
 * nothing behind but a line in the log. For use by the thread that has begun it.
 */
public final class PackWriter implements AutoCloseable {
    private static final int ZEROS_BYTES = 1 << 16;

    private final PackContent content;
    private final Path file;
    private final InstantSource clock;
    private final BlobLock lock;
    private final ByteBuffer checksums;
    private @Nullable SafetensorsWriter out;
    private int next;

    /** @param lock which is freed at the end */
    PackWriter(PackContent content, Path file, InstantSource clock, BlobLock lock) throws IOException {
        this.content = content;
        this.file = file;
        this.clock = clock;
        this.lock = lock;
        int count = content.tensors().size() - 1;
        checksums = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out = new SafetensorsWriter(file, content.tensors(), content.metadata());
    }

    /**
     * The next tensor, in the order in which tensors were asked for.
     *
     * @param parts its bytes, of which all that remain are taken; if they are fewer than it may take, the rest is zeros, if
     *     they are more, nothing is kept
     */
    public void write(String tensor, List<ByteBuffer> parts) {
        if (out == null) {
            return;
        }
        Announced announced = content.tensors().get(next++);
        if (!announced.name().equals(tensor)) {
            throw new IllegalArgumentException("'" + tensor + "', but next is '" + announced.name() + "'");
        }
        long left = announced.byteLength()
                - parts.stream().mapToLong(ByteBuffer::remaining).sum();
        if (left < 0) {
            abandon(new IOException(tensor + " is larger than reckoned"));
            return;
        }
        CRC32C checksum = new CRC32C();
        try {
            for (ByteBuffer part : parts) {
                checksum.update(part.duplicate());
                out.write(tensor, part);
            }
            for (; left > 0; left -= Math.min(left, ZEROS_BYTES)) {
                out.write(tensor, ByteBuffer.allocate((int) Math.min(left, ZEROS_BYTES)));
            }
            checksums.putLong(checksum.getValue());
        } catch (IOException e) {
            abandon(e);
        }
    }

    /** Keeps what is written, if the model's files are still what they were. */
    public void finish() {
        if (out == null) {
            return;
        }
        try {
            for (SourceFile source : content.sources()) {
                if (!source.isUnchanged() || !source.wouldShowChange(clock.instant())) {
                    abandon(new IOException(source.path() + " was written to a moment ago"));
                    return;
                }
            }
            out.write(PackContent.CHECKSUMS, checksums.flip());
            out.finish();
        } catch (IOException e) {
            abandon(e);
        }
    }

    private void abandon(IOException reason) {
        PackFolder.LOGGER.log(System.Logger.Level.DEBUG, "packed matrices are not kept in " + file, reason);
        closeFile();
    }

    private void closeFile() {
        SafetensorsWriter open = out;
        out = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            PackFolder.LOGGER.log(System.Logger.Level.DEBUG, "not deleted", e);
        }
    }

    /** Abandons what is not finished. */
    @Override
    public void close() {
        closeFile();
        PackFolder.free(lock);
    }
}
