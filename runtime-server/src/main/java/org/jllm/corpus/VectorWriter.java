package org.jllm.corpus;

import java.io.IOException;
import org.jllm.api.EmbeddingResult;

/** Writes vectors in the order of their texts. For use by one thread. */
public interface VectorWriter extends AutoCloseable {
    /** The next vector; indices grow. */
    void write(long index, EmbeddingResult result) throws IOException;

    /** A text that has none. */
    default void skip(long index) throws IOException {}

    /** Hands over what was written. */
    void flush() throws IOException;

    /** Hands over everything; the output is complete. */
    default void finish() throws IOException {
        flush();
    }

    /** Releases the output, whether it is complete or not. */
    @Override
    void close() throws IOException;
}
