package org.jllm.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingResult;

/**
 * A row for each text; the row of one without a vector is NaN. Until all are there the file has another name, and its
 * header says that it has no rows.
 */
final class NpyWriter implements VectorWriter {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path file;
    private final Path partial;
    private final int columns;
    private final FileChannel channel;
    private final ByteBuffer buffer;
    private long rows;

    /** @param rows that the partial file has already; 0 begins a new one */
    NpyWriter(Path file, int columns, long rows) throws IOException {
        this.file = file;
        this.columns = columns;
        this.rows = rows;
        partial = partial(file);
        buffer = ByteBuffer.allocate(Math.max(BUFFER_BYTES, columns * Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        channel = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.truncate(rows == 0 ? 0 : NpyHeader.BYTES + rows * columns * Float.BYTES);
        if (rows == 0) {
            write(new NpyHeader(0, columns).bytes(), 0);
        }
        channel.position(channel.size());
    }

    /** The file's name until it is complete. */
    static Path partial(Path file) {
        return file.resolveSibling(file.getFileName() + ".partial");
    }

    @Override
    public void write(long index, EmbeddingResult result) throws IOException {
        row(((Embedding) result).vector());
    }

    @Override
    public void skip(long index) throws IOException {
        float[] nothing = new float[columns];
        Arrays.fill(nothing, Float.NaN);
        row(nothing);
    }

    private void row(float[] vector) throws IOException {
        if (buffer.remaining() < columns * Float.BYTES) {
            flush();
        }
        for (float value : vector) {
            buffer.putFloat(value);
        }
        rows++;
    }

    @Override
    public void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void finish() throws IOException {
        flush();
        write(new NpyHeader(rows, columns).bytes(), 0);
        channel.force(true);
        channel.close();
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void write(ByteBuffer bytes, long position) throws IOException {
        for (long at = position; bytes.hasRemaining(); ) {
            at += channel.write(bytes, at);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
