package org.jllm.tokenizer;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Words, then sub-words of each: how the tokenizers of BERT see a text. */
final class BertSubwords implements SubwordModel {
    /** Cuts a text into words. Safe for use by several threads. */
    @FunctionalInterface
    interface WordTokenizer {
        /** @param whole words that stay as they are */
        List<String> words(String text, Set<String> whole);

        /** Gives back what it holds outside of Java. */
        default void close() {}
    }

    private final BaseVocabulary vocabulary;
    private final WordTokenizer words;
    private final WordSplitter splitter;
    private final Set<String> neverSplit;
    private final Set<String> special;

    /** @param neverSplit words that are tokens without being cut */
    BertSubwords(BaseVocabulary vocabulary, WordTokenizer words, WordSplitter splitter, Set<String> neverSplit) {
        this(vocabulary, words, splitter, neverSplit, Set.of());
    }

    private BertSubwords(
            BaseVocabulary vocabulary,
            WordTokenizer words,
            WordSplitter splitter,
            Set<String> neverSplit,
            Set<String> special) {
        this.vocabulary = vocabulary;
        this.words = words;
        this.splitter = splitter;
        this.neverSplit = neverSplit;
        this.special = special;
    }

    /** Special tokens stay whole where cleaning the text brings them forth, but not in literal text. */
    BertSubwords withSpecial(Collection<String> names) {
        return new BertSubwords(vocabulary, words, splitter, neverSplit, Set.copyOf(names));
    }

    @Override
    public void encode(MarkedText text, Output output) {
        Set<String> whole = text.literals().isEmpty() ? special : Set.of();
        for (String word : words.words(text.text(), whole)) {
            if (neverSplit.contains(word)) {
                int id = vocabulary.id(word);
                output.add(id == NONE ? vocabulary.unknownId() : id, word);
            } else {
                splitter.split(word, output);
            }
        }
    }

    @Override
    public void close() {
        words.close();
    }

    @Override
    public int size() {
        return vocabulary.size();
    }

    @Override
    public int names() {
        return vocabulary.names();
    }

    @Override
    public String token(int id) {
        return vocabulary.token(id);
    }

    @Override
    public int id(String token) {
        return vocabulary.id(token);
    }

    @Override
    public int unknownId() {
        return vocabulary.unknownId();
    }
}
