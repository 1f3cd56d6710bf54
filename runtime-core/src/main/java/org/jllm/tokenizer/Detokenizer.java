package org.jllm.tokenizer;

/**
 * Turns the ids of one text into text, as they come. Without special tokens, all that came out after any number of ids and
 * {@link #finish} together are what {@link Tokenizer#decode} gives for these ids, but that bytes which are no UTF-8 are
 * dropped and do not become U+FFFD. Nothing comes out that later ids would change. Not safe for use by several threads.
 */
public interface Detokenizer {
    /** The text that is certain once this id is known: whole characters, possibly none. */
    String next(int id);

    /** What is left at the end of the text. Nothing may follow. */
    String finish();
}
