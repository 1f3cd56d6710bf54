package org.jllm.tokenizer;

import java.util.Arrays;

/** Turns the ids of one text into bytes, as they come. Not safe for use by several threads. */
@FunctionalInterface
public interface Detokenizer {
    /**
     * The bytes that an id adds to the text, possibly a part of a character or none. All of them together are UTF-8 of
     * what {@link Tokenizer#decode} gives for all ids, where that has no U+FFFD and nothing is cleaned up in it.
     */
    byte[] next(int id);

    /** For tokenizers whose tokens each stand for the same bytes everywhere but at the beginning of a text. */
    static Detokenizer ofBytes(Tokenizer tokenizer, boolean skipSpecialTokens) {
        return new Detokenizer() {
            private int spacesToDrop = tokenizer.leadingSpacesDropped();

            @Override
            public byte[] next(int id) {
                if (skipSpecialTokens && tokenizer.specialTokens().ids().contains(id)) {
                    return new byte[0];
                }
                byte[] bytes = tokenizer.bytes(id);
                int from = 0;
                while (from < bytes.length && spacesToDrop > 0 && bytes[from] == ' ') {
                    from++;
                    spacesToDrop--;
                }
                if (from < bytes.length) {
                    spacesToDrop = 0;
                }
                return from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length);
            }
        };
    }
}
