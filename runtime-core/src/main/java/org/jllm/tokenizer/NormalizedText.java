package org.jllm.tokenizer;

import java.util.Arrays;
import java.util.BitSet;

/** Normalised text as UTF-8 that grows at its end, with a mark on the bytes that come from literal text. */
final class NormalizedText {
    private byte[] bytes;
    private int length;
    private final BitSet literal = new BitSet(0);
    private final boolean marked;

    NormalizedText(int capacity, boolean marked) {
        bytes = new byte[capacity];
        this.marked = marked;
    }

    void append(byte b, boolean isLiteral) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(16, Math.addExact(length, length / 2)));
        }
        if (isLiteral) {
            literal.set(length);
        }
        bytes[length++] = b;
    }

    void append(byte[] more, boolean isLiteral) {
        for (byte b : more) {
            append(b, isLiteral);
        }
    }

    void removeAtEnd(byte[] suffix) {
        while (length >= suffix.length
                && Arrays.equals(bytes, length - suffix.length, length, suffix, 0, suffix.length)) {
            length -= suffix.length;
        }
    }

    /** The text; only the first {@link #length} bytes count. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean touchesLiteral(int from, int to) {
        if (!marked) {
            return false;
        }
        int next = literal.nextSetBit(from);
        return next >= 0 && next < to;
    }

    @Override
    public String toString() {
        return Utf8.decode(bytes, 0, length);
    }
}
