package org.jllm.tokenizer;

/**
 * How a Python class makes text of the names of tokens, {@code convert_tokens_to_string}, and of parts of a text,
 * {@code _decode}. Safe for use by several threads.
 */
interface JoinStyle {
    /** Makes the text of one run of tokens, one after another. */
    interface Run {
        /**
         * Adds a token; text that it makes certain is appended.
         *
         * @param special whether it is a special token by its name
         */
        void add(int id, String token, boolean special, StringBuilder text);

        /** At the end of the run: what is left is appended. */
        void end(StringBuilder text);
    }

    /** @param invalid what becomes of bytes that are no UTF-8 */
    Run start(Utf8Assembler.Invalid invalid);

    /** The bytes that a token stands for within a text. */
    byte[] bytes(int id, String token);

    /** Whether white space around the text of a run is taken off. */
    boolean strips();

    /** How many spaces are dropped at most from the beginning of a text. */
    default int leadingSpacesDropped() {
        return strips() ? Integer.MAX_VALUE : 0;
    }

    /** Whether all added tokens interrupt a run, the special ones too, and nothing is put between the parts. */
    default boolean joinsBare() {
        return false;
    }

    /** What replaces each byte that is no UTF-8 in a whole text. */
    default Utf8Assembler.Invalid invalid() {
        return Utf8Assembler.Invalid.REPLACE;
    }
}
