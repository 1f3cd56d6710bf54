package org.jllm.corpus;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingResult;
import org.jllm.api.TokenEmbeddings;

/** The index, of token vectors the number of the token, and the numbers; the first line names the columns. */
final class CsvWriter implements VectorWriter {
    private final Writer out;

    private CsvWriter(OutputStream out) {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    /** Begins with the line that names the columns. */
    static CsvWriter begin(OutputStream out, int dimensions, boolean ofTokens) throws IOException {
        CsvWriter writer = resume(out);
        writer.out.write(ofTokens ? "index,token" : "index");
        for (int i = 0; i < dimensions; i++) {
            writer.out.write(",v" + i);
        }
        writer.out.write('\n');
        return writer;
    }

    /** Goes on behind lines that are there. */
    static CsvWriter resume(OutputStream out) {
        return new CsvWriter(out);
    }

    @Override
    public void write(long index, EmbeddingResult result) throws IOException {
        if (result instanceof TokenEmbeddings tokens) {
            for (int i = 0; i < tokens.vectors().length; i++) {
                line(index + "," + i, tokens.vectors()[i]);
            }
        } else {
            line(Long.toString(index), ((Embedding) result).vector());
        }
    }

    private void line(String begin, float[] vector) throws IOException {
        out.write(begin);
        for (float value : vector) {
            out.write(',');
            out.write(Float.toString(value));
        }
        out.write('\n');
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
