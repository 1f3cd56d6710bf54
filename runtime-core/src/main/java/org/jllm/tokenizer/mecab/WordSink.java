package org.jllm.tokenizer.mecab;

/** Takes the words of a text, from its beginning to its end. */
@FunctionalInterface
public interface WordSink {
    /**
     * Takes a word.
     *
     * @param start the char where it begins
     * @param end the char after its last
     */
    void word(int start, int end);
}
