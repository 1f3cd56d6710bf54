package org.jllm.tokenizer.mecab;

/** The words of a dictionary. Safe for use by several threads. */
interface Lexicon {
    /** Takes the words that are found, in the order of the dictionary. */
    @FunctionalInterface
    interface Found {
        /**
         * Takes a word.
         *
         * @param end the char after its last
         * @param left the context that it has on its left
         * @param right the context on its right
         */
        void word(int end, int left, int right, int cost);
    }

    /** Finds all words that begin at a char, the shorter before the longer. */
    void find(Sentence sentence, int start, Found found);
}
