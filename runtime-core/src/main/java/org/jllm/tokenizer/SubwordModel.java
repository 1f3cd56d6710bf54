package org.jllm.tokenizer;

import java.util.Collection;

/**
 * The part of a tokenizer that cuts text between added tokens into tokens of its vocabulary: what {@code _tokenize} and
 * {@code _convert_token_to_id} are in Transformers' Python classes. Safe for use by several threads.
 */
interface SubwordModel extends BaseVocabulary {
    /** Takes the tokens of a text in their order. */
    interface Output {
        /**
         * @param id in the base vocabulary
         * @param token its name, or the text that has the unknown id
         */
        void add(int id, String token);
    }

    /** Cuts a text without added tokens; in its literal ranges no token that steers the model comes out. */
    void encode(MarkedText text, Output output);

    /** This model with names of tokens that literal text must not become. */
    default SubwordModel withControl(Collection<String> names) {
        return this;
    }

    /** Gives back what it holds outside of Java. */
    default void close() {}
}
