package org.jllm.generation;

import org.jllm.tokenizer.Detokenizer;
import org.jllm.tokenizer.Tokenizer;

/**
 * Turns ids into text as they come, whole characters only. Special tokens are skipped. Bytes that are no UTF-8 (stray
 * and missing continuations, overlong forms, surrogates, code points above U+10FFFF) are dropped, so U+FFFD comes out only
 * where the model wrote it. Not safe for use by several threads.
 */
public final class StreamDecoder {
    private final Detokenizer detokenizer;

    /** Bits of the character so far, how many bytes it lacks, and what the next one may be (Unicode, table 3-7). */
    private int character;

    private int missing;
    private int least = 0x80;
    private int most = 0xBF;

    /** A decoder for one text. */
    public StreamDecoder(Tokenizer tokenizer) {
        this(tokenizer.detokenizer(true));
    }

    StreamDecoder(Detokenizer detokenizer) {
        this.detokenizer = detokenizer;
    }

    /** Adds a token; returns the characters that are now complete, possibly none. */
    public String push(int id) {
        StringBuilder text = new StringBuilder();
        for (byte next : detokenizer.next(id)) {
            add(next & 0xFF, text);
        }
        return text.toString();
    }

    /** What is left at the end of the text: nothing, as half a character is dropped. */
    public String finish() {
        expect(0, 0, 0x80, 0xBF);
        return "";
    }

    private void add(int next, StringBuilder text) {
        if (missing > 0 && next >= least && next <= most) {
            expect(character << 6 | next & 0x3F, missing - 1, 0x80, 0xBF);
            if (missing == 0) {
                text.appendCodePoint(character);
            }
        } else if (next < 0x80) {
            expect(0, 0, 0x80, 0xBF);
            text.append((char) next);
        } else if (next >= 0xC2 && next <= 0xDF) {
            expect(next & 0x1F, 1, 0x80, 0xBF);
        } else if (next >= 0xE0 && next <= 0xEF) {
            expect(next & 0x0F, 2, next == 0xE0 ? 0xA0 : 0x80, next == 0xED ? 0x9F : 0xBF);
        } else if (next >= 0xF0 && next <= 0xF4) {
            expect(next & 0x07, 3, next == 0xF0 ? 0x90 : 0x80, next == 0xF4 ? 0x8F : 0xBF);
        } else {
            expect(0, 0, 0x80, 0xBF);
        }
    }

    private void expect(int character, int missing, int least, int most) {
        this.character = character;
        this.missing = missing;
        this.least = least;
        this.most = most;
    }
}
