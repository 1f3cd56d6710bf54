package org.jllm.tokenizer;

/** The tokens of a model's own files, before any are added. */
interface BaseVocabulary {
    int NONE = -1;

    /** Number of ids: they are at least 0 and below this. */
    int size();

    /** The name of an id; empty for a number that nothing has. */
    String token(int id);

    /** The id of a name, or {@link #NONE}. */
    int id(String token);

    /** The id that a name has as a special token: the last one, where several ids have it; or {@link #NONE}. */
    default int lastId(String token) {
        return id(token);
    }

    /** The id of a name that is not in the vocabulary. */
    int unknownId();

    /** How many names there are: the first number for an added token. */
    default int names() {
        return size();
    }

    /** What the class reports as {@code vocab_size}. */
    default int vocabularySize() {
        return names();
    }
}
