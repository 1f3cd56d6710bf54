package org.jllm.tokenizer.mecab;

import java.util.List;

/**
 * What a word that is in no dictionary may be, by the category of its first character.
 *
 * @param byCategory the candidates of each, in the order of the dictionary
 */
record UnknownWords(List<List<Candidate>> byCategory) {
    /** The contexts and the cost of a word. */
    record Candidate(int left, int right, int cost) {}

    UnknownWords {
        byCategory = byCategory.stream().map(List::copyOf).toList();
    }

    List<Candidate> of(int category) {
        return byCategory.get(category);
    }
}
