package org.jllm.gguf;

import java.util.OptionalLong;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;

/** How the vectors of tokens become that of a text, with the numbers of {@code enum llama_pooling_type}. */
enum Pooling {
    /** The vectors of all tokens stay. */
    NONE(0),
    MEAN(1),
    /** The first token's, which BERT calls {@code [CLS]}. */
    CLS(2),
    LAST(3);

    private static final int RANK = 4;

    private final int number;

    Pooling(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /**
     * What a model's file says; the mean if it says nothing.
     *
     * @throws UnsupportedModelException if it ranks texts instead of making vectors of them
     */
    static Pooling of(LlamaModel model) {
        String key = model.architecture() + ".pooling_type";
        OptionalLong number = model.number(key);
        if (number.isEmpty() || number.getAsLong() == NONE.number) {
            return MEAN;
        }
        for (Pooling pooling : values()) {
            if (pooling.number == number.getAsLong()) {
                return pooling;
            }
        }
        if (number.getAsLong() == RANK) {
            throw new UnsupportedModelException(
                    model.file() + " is a model that ranks texts (" + key + " is 4): it makes no embeddings");
        }
        throw new InvalidModelException(model.file() + ": " + key + " must be from 0 to 4, not " + number.getAsLong());
    }
}
