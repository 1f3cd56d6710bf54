package org.jllm.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingResult;
import org.jllm.api.TokenEmbeddings;

/** {@code {"index":0,"embedding":[…]}} in each line, with {@code "truncated":true} where a text was cut. */
final class JsonLinesWriter implements VectorWriter {
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .rootValueSeparator("")
            .build();

    private final JsonGenerator json;

    JsonLinesWriter(OutputStream out) throws IOException {
        json = JSON.createGenerator(out);
    }

    @Override
    public void write(long index, EmbeddingResult result) throws IOException {
        json.writeStartObject();
        json.writeNumberField("index", index);
        if (result instanceof TokenEmbeddings tokens) {
            json.writeFieldName("ids");
            json.writeArray(tokens.ids(), 0, tokens.ids().length);
            json.writeArrayFieldStart("embedding");
            for (float[] vector : tokens.vectors()) {
                array(vector);
            }
            json.writeEndArray();
        } else {
            json.writeFieldName("embedding");
            array(((Embedding) result).vector());
        }
        if (result.truncated()) {
            json.writeBooleanField("truncated", true);
        }
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private void array(float[] vector) throws IOException {
        json.writeStartArray();
        for (float value : vector) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }

    @Override
    public void flush() throws IOException {
        json.flush();
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
