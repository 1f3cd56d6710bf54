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

    /** A decoder for one text. */
    public StreamDecoder(Tokenizer tokenizer) {
        this(tokenizer.detokenizer(true));
    }

    StreamDecoder(Detokenizer detokenizer) {
        this.detokenizer = detokenizer;
    }

    /** Adds a token; returns the characters that are now certain, possibly none. */
    public String push(int id) {
        return detokenizer.next(id);
    }

    /** What was held back until the end of the text; half a character is dropped. */
    public String finish() {
        return detokenizer.finish();
    }
}
