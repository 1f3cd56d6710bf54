package org.jllm.tokenizer;

/** Cuts a word into tokens of a vocabulary: the second step of the tokenizers of BERT. Safe for use by several threads. */
@FunctionalInterface
interface WordSplitter {
    void split(String word, SubwordModel.Output output);
}
