package org.jllm.checkpoint.pickle;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of pickles that follow each other, none of which is taken before it is known to be there. */
public final class PickleInput {
    private static final int LONGEST_LINE = 10_000;

    private final InputStream in;
    private final long size;
    private long position;

    /**
     * @param in buffered; not closed here
     * @param size bytes that it has, and that may be read
     */
    public PickleInput(InputStream in, long size) {
        this.in = in;
        this.size = size;
    }

    /** Bytes read so far. */
    public long position() {
        return position;
    }

    int unsignedByte() throws IOException {
        int next = position < size ? in.read() : -1;
        if (next < 0) {
            throw cut();
        }
        position++;
        return next;
    }

    /** An unsigned number of so many bytes, the lowest first; eight make a signed one. */
    long number(int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) unsignedByte() << (8 * i);
        }
        return value;
    }

    int signed32() throws IOException {
        return (int) number(4);
    }

    byte[] bytes(long count) throws IOException {
        checkCount(count);
        byte[] bytes = in.readNBytes((int) count);
        position += bytes.length;
        if (bytes.length < count) {
            throw cut();
        }
        return bytes;
    }

    void skip(long count) throws IOException {
        checkCount(count);
        try {
            in.skipNBytes(count);
        } catch (EOFException e) {
            throw cut();
        }
        position += count;
    }

    private void checkCount(long count) {
        if (count < 0 || count > size - position || count > Integer.MAX_VALUE - 8) {
            throw new PickleException("is damaged: at byte " + position + " of its pickle "
                    + Long.toUnsignedString(count) + " bytes are announced, but " + (size - position) + " follow");
        }
    }

    String text(long bytes) throws IOException {
        byte[] utf8 = bytes(bytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PickleException("is damaged: the text before byte " + position + " of its pickle is not UTF-8");
        }
    }

    /** The bytes up to a line feed, which the older opcodes end their arguments with. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = unsignedByte(); next != '\n'; next = unsignedByte()) {
            if (line.length() == LONGEST_LINE) {
                throw new PickleException("is damaged: a line of its pickle has more than " + LONGEST_LINE + " bytes");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private PickleException cut() {
        return new PickleException("is cut short: its pickle ends at byte " + position);
    }
}
