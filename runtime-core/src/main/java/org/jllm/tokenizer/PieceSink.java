package org.jllm.tokenizer;

/** Takes the pieces of a text in their order. */
@FunctionalInterface
interface PieceSink {
    /**
     * @param id of the piece
     * @param piece its text in the vocabulary; for an unknown run of characters that run itself
     */
    void accept(int id, String piece);
}
