package org.jllm.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jllm.api.InvalidRequestException;

/**
 * What an interrupted run has left.
 *
 * @param next index of the first text that has no vector yet
 * @param last the vector of the text before it, or the first one of its tokens; empty if there is none
 */
public record WrittenVectors(long next, float[] last) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Nothing. */
    public static WrittenVectors none() {
        return new WrittenVectors(0, new float[0]);
    }

    /**
     * Looks at what is there of a file, and cuts off a last line or row that is not whole.
     *
     * @throws InvalidRequestException if it is no file of vectors
     */
    static WrittenVectors read(Path file, VectorFormat format) throws IOException {
        Path found = format == VectorFormat.NPY ? NpyWriter.partial(file) : file;
        if (!Files.exists(found)) {
            return none();
        }
        try (FileChannel channel = FileChannel.open(found, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return format == VectorFormat.NPY ? rows(channel, found) : lines(new FileTail(channel), found, format);
        }
    }

    private static WrittenVectors rows(FileChannel channel, Path file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(NpyHeader.BYTES);
        if (channel.size() < NpyHeader.BYTES) {
            return none();
        }
        FileTail.fill(channel, header, 0);
        int columns =
                NpyHeader.read(header.flip()).orElseThrow(() -> notOurs(file)).columns();
        long rowBytes = (long) columns * Float.BYTES;
        long rows = (channel.size() - NpyHeader.BYTES) / rowBytes;
        if (rows == 0) {
            return none();
        }
        ByteBuffer last = ByteBuffer.allocate((int) rowBytes).order(ByteOrder.LITTLE_ENDIAN);
        FileTail.fill(channel, last, NpyHeader.BYTES + (rows - 1) * rowBytes);
        float[] vector = new float[columns];
        last.flip().asFloatBuffer().get(vector);
        return new WrittenVectors(rows, vector);
    }

    private static WrittenVectors lines(FileTail tail, Path file, VectorFormat format) throws IOException {
        Optional<String> last = tail.lastLine();
        if (last.isEmpty() || (format == VectorFormat.CSV && last.get().startsWith("index,"))) {
            return none();
        }
        try {
            return format == VectorFormat.JSONL ? json(last.get(), file) : csv(last.get());
        } catch (JsonProcessingException | NumberFormatException e) {
            throw notOurs(file);
        }
    }

    private static WrittenVectors json(String line, Path file) throws JsonProcessingException {
        JsonNode object = MAPPER.readTree(line);
        JsonNode vector = object.path("embedding");
        JsonNode numbers = vector.path(0).isArray() ? vector.path(0) : vector;
        if (!object.path("index").canConvertToLong() || !vector.isArray()) {
            throw notOurs(file);
        }
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.get(i).floatValue();
        }
        return new WrittenVectors(object.path("index").longValue() + 1, values);
    }

    private static WrittenVectors csv(String line) {
        String[] fields = line.split(",");
        float[] values = new float[fields.length - 1];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(fields[i + 1]);
        }
        return new WrittenVectors(Long.parseLong(fields[0]) + 1, values);
    }

    private static InvalidRequestException notOurs(Path file) {
        return new InvalidRequestException(
                file + " does not end with a vector of this format, so it cannot be continued: give another --output");
    }
}
