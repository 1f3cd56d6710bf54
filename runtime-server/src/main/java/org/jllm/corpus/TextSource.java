package org.jllm.corpus;

import java.io.Closeable;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;

/**
 * The texts of a corpus, one after the other, in constant memory. What is wrong with one does not stop the others; an
 * input that cannot be read at all is a {@link org.jllm.api.JllmException}. For use by one thread.
 */
public interface TextSource extends Iterator<TextRecord>, Closeable {
    /** Bytes that were read so far. */
    long bytes();

    /** Texts that are there. */
    static TextSource of(List<String> texts) {
        return new ListSource(texts);
    }

    /** Each line is a text, an empty one too. */
    static TextSource lines(InputStream in) {
        return new LineSource(new ByteLines(in));
    }

    /**
     * Each line is a JSON object, in which fields are texts; lines without anything are passed over.
     *
     * @param fields names, or JSON pointers that begin with a slash; the texts of several are joined by a space
     */
    static TextSource json(InputStream in, List<String> fields) {
        return new JsonSource(new ByteLines(in), fields);
    }

    /**
     * CSV as RFC 4180 has it; the first record names the columns.
     *
     * @param columns names; the texts of several are joined by a space
     */
    static TextSource csv(InputStream in, List<String> columns) {
        return new CsvSource(new ByteLines(in), columns);
    }
}
