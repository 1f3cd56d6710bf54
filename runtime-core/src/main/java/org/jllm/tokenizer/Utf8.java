package org.jllm.tokenizer;

import java.nio.charset.StandardCharsets;

/** UTF-8 as the tokenizers of the reference see it. */
final class Utf8 {
    static final String REPLACEMENT = "\uFFFD";

    private Utf8() {}

    /** The text with lone surrogates, which no encoding has, as U+FFFD. The length in chars stays. */
    static String wellFormed(String text) {
        int bad = firstLoneSurrogate(text);
        if (bad < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder(text);
        for (int i = bad; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                result.setCharAt(i, '\uFFFD');
            }
        }
        return result.toString();
    }

    private static int firstLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    return i;
                }
            }
        }
        return -1;
    }

    static byte[] encode(String text) {
        return wellFormed(text).getBytes(StandardCharsets.UTF_8);
    }

    static String decode(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** The length that a lead byte announces; 1 for a byte that leads nothing. */
    static int announcedLength(byte lead) {
        int high = (lead & 0xFF) >> 4;
        return high < 12 ? 1 : high < 14 ? 2 : high == 14 ? 3 : 4;
    }

    /** The length in bytes of the character at {@code from}, or 0 where the bytes up to {@code to} hold none. */
    static int validLength(byte[] bytes, int from, int to) {
        int lead = bytes[from] & 0xFF;
        if (lead < 0x80) {
            return 1;
        }
        int length = lead >= 0xF8 || lead < 0xC0 ? 0 : announcedLength(bytes[from]);
        if (length == 0 || from + length > to) {
            return 0;
        }
        int point = lead & (0x7F >> length);
        for (int i = 1; i < length; i++) {
            int trail = bytes[from + i];
            if ((trail & 0xC0) != 0x80) {
                return 0;
            }
            point = point << 6 | (trail & 0x3F);
        }
        boolean shortest = point >= (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000);
        return shortest && Character.isValidCodePoint(point) && (point < 0xD800 || point > 0xDFFF) ? length : 0;
    }
}
