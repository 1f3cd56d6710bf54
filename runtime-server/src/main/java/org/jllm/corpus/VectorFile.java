package org.jllm.corpus;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jllm.api.CapacityException;
import org.jllm.api.InvalidRequestException;

/**
 * Where vectors go.
 *
 * @param dimensions of a vector
 * @param ofTokens whether a text has one for each token
 */
public record VectorFile(VectorFormat format, int dimensions, boolean ofTokens) {
    private static final int BUFFER_BYTES = 1 << 16;

    /** @throws InvalidRequestException if the format does not hold such vectors */
    public VectorFile {
        if (ofTokens && format == VectorFormat.NPY) {
            throw new InvalidRequestException(
                    "an .npy file has as many rows as texts: token vectors are written as jsonl or csv");
        }
    }

    /**
     * Writes to a stream, which is not closed.
     *
     * @throws InvalidRequestException if the format needs a file
     */
    public VectorWriter to(OutputStream out) throws IOException {
        if (format == VectorFormat.NPY) {
            throw new InvalidRequestException(
                    "the beginning of an .npy file is written last, which needs a file: give --output FILE");
        }
        return begin(new BufferedOutputStream(out, BUFFER_BYTES) {
            @Override
            public void close() throws IOException {
                flush();
            }
        });
    }

    private VectorWriter begin(OutputStream out) throws IOException {
        return format == VectorFormat.CSV ? CsvWriter.begin(out, dimensions, ofTokens) : new JsonLinesWriter(out);
    }

    /** Whether a file is there as a run leaves it that went to its end; of lines that cannot be told. */
    public boolean isComplete(Path file) {
        return format == VectorFormat.NPY && Files.exists(file) && !Files.exists(NpyWriter.partial(file));
    }

    /**
     * What an interrupted run has left of a file, with what is not whole cut off.
     *
     * @throws InvalidRequestException if it is no file of such vectors
     * @throws CapacityException if it cannot be read
     */
    public WrittenVectors written(Path file) {
        if (ofTokens && format == VectorFormat.CSV) {
            throw new InvalidRequestException(
                    "whether the last text of a CSV of token vectors is whole cannot be told: to resume, write jsonl");
        }
        WrittenVectors written;
        try {
            written = WrittenVectors.read(file, format);
        } catch (IOException e) {
            throw new CapacityException("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (written.next() > 0 && written.last().length != dimensions) {
            throw new InvalidRequestException(file + " has vectors of " + written.last().length + " numbers instead of "
                    + dimensions + ": it was written with another model or other settings");
        }
        return written;
    }

    /**
     * Writes to a file.
     *
     * @param written what is there already; the file begins anew if that is nothing
     */
    public VectorWriter to(Path file, WrittenVectors written) throws IOException {
        if (format == VectorFormat.NPY) {
            return new NpyWriter(file, dimensions, written.next());
        }
        boolean anew = written.next() == 0;
        OutputStream out = new BufferedOutputStream(
                Files.newOutputStream(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        anew ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND),
                BUFFER_BYTES);
        if (anew) {
            return begin(out);
        }
        return format == VectorFormat.CSV ? CsvWriter.resume(out) : new JsonLinesWriter(out);
    }
}
