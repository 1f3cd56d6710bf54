package org.jllm.corpus;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jllm.api.InvalidRequestException;

/** Lines of UTF-8. A line that is none, or longer than makes sense, is no reason to stop. */
final class ByteLines implements Closeable {
    private static final int MOST_BYTES = 64 << 20;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final InputStream in;
    private long line;
    private long bytes;

    ByteLines(InputStream in) {
        this.in = new BufferedInputStream(in, BUFFER_BYTES);
    }

    long bytes() {
        return bytes;
    }

    /** The next line without its end; empty if there is none. */
    Optional<TextRecord> next() {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        boolean tooLong = false;
        try {
            int next = in.read();
            if (next < 0) {
                return Optional.empty();
            }
            for (; next >= 0 && next != '\n'; next = in.read()) {
                bytes++;
                tooLong |= content.size() >= MOST_BYTES;
                if (!tooLong) {
                    content.write(next);
                }
            }
            bytes++;
        } catch (IOException e) {
            throw new InvalidRequestException("cannot read line " + (line + 1) + ": " + e.getMessage(), e);
        }
        line++;
        return Optional.of(
                tooLong
                        ? TextRecord.broken(line, "has more than " + MOST_BYTES + " bytes")
                        : record(content.toByteArray()));
    }

    private TextRecord record(byte[] content) {
        int length = content.length > 0 && content[content.length - 1] == '\r' ? content.length - 1 : content.length;
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content, 0, length))
                    .toString();
            boolean marked = line == 1 && text.startsWith(BYTE_ORDER_MARK);
            return TextRecord.of(line, marked ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            return TextRecord.broken(line, "is not UTF-8");
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
