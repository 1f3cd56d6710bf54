package org.jllm.tokenizer;

/** Makes characters of UTF-8 bytes as they come. Not safe for use by several threads. */
public final class Utf8Assembler {
    /** What becomes of bytes that are no UTF-8: stray and missing continuations, overlong forms, surrogates. */
    public enum Invalid {
        /** They are left out. */
        DROP,
        /** Each byte becomes U+FFFD. */
        REPLACE_EACH,
        /** The longest beginning of a character, or else a byte, becomes U+FFFD (Unicode, chapter 3.9). */
        REPLACE
    }

    private final Invalid invalid;

    /** Bits of the character so far, how many bytes it has and lacks, and what the next may be (Unicode, table 3-7). */
    private int character;

    private int begun;
    private int missing;
    private int least = 0x80;
    private int most = 0xBF;

    public Utf8Assembler(Invalid invalid) {
        this.invalid = invalid;
    }

    /** Adds bytes; the characters that are now complete are appended to the text. */
    public void add(byte[] bytes, StringBuilder text) {
        for (byte next : bytes) {
            add(next & 0xFF, text);
        }
    }

    /** At the end of the bytes: half a character is as bytes that are no UTF-8. */
    public void end(StringBuilder text) {
        if (missing > 0) {
            replace(begun, text);
        }
        expect(0, 0, 0, 0x80, 0xBF);
    }

    private void add(int next, StringBuilder text) {
        if (missing > 0 && next >= least && next <= most) {
            expect(character << 6 | next & 0x3F, begun + 1, missing - 1, 0x80, 0xBF);
            if (missing == 0) {
                text.appendCodePoint(character);
            }
            return;
        }
        end(text);
        if (next < 0x80) {
            text.append((char) next);
        } else if (next >= 0xC2 && next <= 0xDF) {
            expect(next & 0x1F, 1, 1, 0x80, 0xBF);
        } else if (next >= 0xE0 && next <= 0xEF) {
            expect(next & 0x0F, 1, 2, next == 0xE0 ? 0xA0 : 0x80, next == 0xED ? 0x9F : 0xBF);
        } else if (next >= 0xF0 && next <= 0xF4) {
            expect(next & 0x07, 1, 3, next == 0xF0 ? 0x90 : 0x80, next == 0xF4 ? 0x8F : 0xBF);
        } else {
            replace(1, text);
        }
    }

    private void replace(int bytes, StringBuilder text) {
        if (invalid != Invalid.DROP) {
            text.append(Utf8.REPLACEMENT.repeat(invalid == Invalid.REPLACE ? 1 : bytes));
        }
    }

    private void expect(int character, int begun, int missing, int least, int most) {
        this.character = character;
        this.begun = begun;
        this.missing = missing;
        this.least = least;
        this.most = most;
    }
}
