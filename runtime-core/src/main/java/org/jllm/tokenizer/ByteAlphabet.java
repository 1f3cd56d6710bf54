package org.jllm.tokenizer;

import java.util.Arrays;

/** GPT-2's alphabet of bytes: printable ones are themselves, the others follow from U+0100 on. */
final class ByteAlphabet {
    private static final int NONE = -1;
    private static final char[] CHAR_BY_BYTE = new char[256];
    private static final int[] BYTE_BY_CHAR = new int[0x144];

    static {
        Arrays.fill(BYTE_BY_CHAR, NONE);
        char next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            CHAR_BY_BYTE[b] = printable ? (char) b : next++;
            BYTE_BY_CHAR[CHAR_BY_BYTE[b]] = b;
        }
    }

    private ByteAlphabet() {}

    static char toChar(byte b) {
        return CHAR_BY_BYTE[b & 0xFF];
    }

    /** The bytes that a token's characters stand for; its own if one of them stands for none. */
    static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int value = token.charAt(i) < BYTE_BY_CHAR.length ? BYTE_BY_CHAR[token.charAt(i)] : NONE;
            if (value == NONE) {
                return Utf8.encode(token);
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }
}
