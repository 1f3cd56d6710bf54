package org.jllm.tokenizer.mecab;

import java.util.List;

/**
 * All that MeCab knows of words.
 *
 * @param name for messages: a folder, or what the data is
 * @param lexicons the system's words, then those of the user's dictionaries
 * @param longestGroup the most characters after the first that a run may have to be an unknown word
 */
record MecabDictionary(
        String name,
        List<Lexicon> lexicons,
        UnknownWords unknown,
        CharacterTable characters,
        ConnectionMatrix connections,
        int longestGroup) {
    /** What MeCab takes where a dictionary says nothing. */
    static final int DEFAULT_LONGEST_GROUP = 24;

    MecabDictionary {
        lexicons = List.copyOf(lexicons);
    }
}
