package org.jllm.gguf.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jllm.api.InvalidModelException;

/** The bytes of a header, front to back, none of which is taken before it is known to be there. */
final class GgufInput {
    /** Real ones have some tens of MB at most; this is what a damaged or hostile one can make us read. */
    static final long MOST_HEADER_BYTES = 128L << 20;

    private final Path file;
    private final FileChannel channel;
    private final long size;
    private long taken;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN).limit(0);

    GgufInput(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.size = channel.size();
    }

    Path file() {
        return file;
    }

    long size() {
        return size;
    }

    long position() {
        return taken - buffer.remaining();
    }

    /**
     * Checks that so many elements can follow.
     *
     * @param count unsigned
     * @param bytesEach the fewest that one takes
     * @param what they are, for the error
     */
    void checkCount(long count, int bytesEach, String what) {
        if (count < 0 || count > (size - position()) / bytesEach) {
            throw invalid(what + ": " + Long.toUnsignedString(count) + " of at least " + bytesEach
                    + " bytes each are announced, but only " + (size - position())
                    + " bytes follow; the file is damaged or cut short, download it again");
        }
        if (count * bytesEach > MOST_HEADER_BYTES - position()) {
            throw invalid(what + ": " + count + " of at least " + bytesEach
                    + " bytes each are announced, which makes a header of more than " + MOST_HEADER_BYTES + " bytes");
        }
    }

    int int32(String what) throws IOException {
        return need(4, what).getInt();
    }

    long int64(String what) throws IOException {
        return need(8, what).getLong();
    }

    byte[] bytes(long count, String what) throws IOException {
        checkCount(count, 1, what);
        byte[] bytes = new byte[(int) count];
        for (int done = 0; done < bytes.length; ) {
            int part = Math.min(bytes.length - done, buffer.capacity());
            need(part, what).get(bytes, done, part);
            done += part;
        }
        return bytes;
    }

    /** Bytes that their length, 64 bits, precedes. */
    byte[] text(long mostBytes, String what) throws IOException {
        long length = int64("the length of " + what);
        if (length < 0 || length > mostBytes) {
            throw invalid(what + " has " + Long.toUnsignedString(length) + " bytes; at most " + mostBytes
                    + " are allowed, so the file is damaged");
        }
        return bytes(length, what);
    }

    /** A name: not empty, UTF-8, without control characters. */
    String name(int mostBytes, String what) throws IOException {
        byte[] bytes = text(mostBytes, what);
        String name;
        try {
            name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw invalid(what + " is not UTF-8: " + Quoted.of(new String(bytes, StandardCharsets.UTF_8)));
        }
        if (name.isEmpty()) {
            throw invalid(what + " is empty");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw invalid(what + " has control characters: " + Quoted.of(name));
        }
        return name;
    }

    private ByteBuffer need(int count, String what) throws IOException {
        if (buffer.remaining() < count) {
            long position = position();
            buffer.compact();
            while (buffer.position() < count && channel.read(buffer) >= 0) {}
            buffer.flip();
            taken = position + buffer.remaining();
            if (buffer.remaining() < count) {
                throw invalid("ends at byte " + size + ", inside " + what + ": it is cut short, download it again");
            }
        }
        if (position() + count > MOST_HEADER_BYTES) {
            throw invalid("has a header of more than " + MOST_HEADER_BYTES + " bytes, at " + what);
        }
        return buffer;
    }

    InvalidModelException invalid(String message) {
        return new InvalidModelException(file + ": " + message);
    }
}
