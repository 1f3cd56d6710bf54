package org.jllm.tokenizer.mecab;

import java.util.Arrays;

/** A text in UTF-16 and in UTF-8, with the place of each char among the bytes. */
final class Sentence {
    /** Stands for half a surrogate pair: no UTF-8 text has it, so no word of a dictionary does. */
    private static final byte NO_CHARACTER = (byte) 0xFF;

    private final CharSequence text;
    private final byte[] bytes;
    /** Of each char and of the end; the second char of a pair has the place behind the pair. */
    private final int[] byteAt;

    Sentence(CharSequence text) {
        this.text = text;
        byteAt = new int[text.length() + 1];
        byte[] utf8 = new byte[Math.multiplyExact(text.length(), 3)];
        int size = 0;
        for (int i = 0; i < text.length(); i++) {
            byteAt[i] = size;
            char c = text.charAt(i);
            if (c < 0x80) {
                utf8[size++] = (byte) c;
            } else if (c < 0x800) {
                utf8[size++] = (byte) (0xC0 | c >> 6);
                utf8[size++] = (byte) (0x80 | c & 0x3F);
            } else if (!Character.isSurrogate(c)) {
                utf8[size++] = (byte) (0xE0 | c >> 12);
                utf8[size++] = (byte) (0x80 | c >> 6 & 0x3F);
                utf8[size++] = (byte) (0x80 | c & 0x3F);
            } else if (width(i) == 2) {
                int point = Character.toCodePoint(c, text.charAt(i + 1));
                utf8[size++] = (byte) (0xF0 | point >> 18);
                utf8[size++] = (byte) (0x80 | point >> 12 & 0x3F);
                utf8[size++] = (byte) (0x80 | point >> 6 & 0x3F);
                utf8[size++] = (byte) (0x80 | point & 0x3F);
                byteAt[++i] = size;
            } else {
                utf8[size++] = NO_CHARACTER;
            }
        }
        byteAt[text.length()] = size;
        bytes = Arrays.copyOf(utf8, size);
    }

    CharSequence text() {
        return text;
    }

    int length() {
        return text.length();
    }

    /** The chars of the character that begins at a char: 1 or 2. */
    int width(int at) {
        return Character.isHighSurrogate(text.charAt(at))
                        && at + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(at + 1))
                ? 2
                : 1;
    }

    byte[] bytes() {
        return bytes;
    }

    /** The place among the bytes of a char where a character begins, or of the end. */
    int byteAt(int at) {
        return byteAt[at];
    }
}
