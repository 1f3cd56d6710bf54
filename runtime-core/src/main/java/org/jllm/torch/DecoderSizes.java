package org.jllm.torch;

import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.ModelConfig;

/**
 * The sizes that every decoder has.
 *
 * @param names what the class calls the fields
 * @param vocabulary number of tokens
 * @param hidden width of an embedding
 * @param context positions
 */
record DecoderSizes(Names names, int vocabulary, int hidden, int layers, int heads, int context) {
    /** The most that a field for a width may say: products of two of them are far from the end of {@code long}. */
    static final int MOST = 1 << 20;

    /** Names of fields. Transformers takes its usual ones also where a class has others, and before those. */
    record Names(String hidden, String layers, String heads, String context) {
        static final Names USUAL =
                new Names("hidden_size", "num_hidden_layers", "num_attention_heads", "max_position_embeddings");

        private Names presentIn(ModelConfig config) {
            return new Names(
                    config.has(USUAL.hidden) ? USUAL.hidden : hidden,
                    config.has(USUAL.layers) ? USUAL.layers : layers,
                    config.has(USUAL.heads) ? USUAL.heads : heads,
                    config.has(USUAL.context) ? USUAL.context : context);
        }
    }

    /**
     * Reads them.
     *
     * @param defaults what the class has where the file says nothing
     */
    static DecoderSizes read(ModelConfig config, DecoderSizes defaults) {
        Names names = defaults.names.presentIn(config);
        return new DecoderSizes(
                names,
                config.intOr("vocab_size", defaults.vocabulary, 1, 1 << 24),
                config.intOr(names.hidden, defaults.hidden, 1, MOST),
                config.intOr(names.layers, defaults.layers, 1, 10_000),
                config.intOr(names.heads, defaults.heads, 1, MOST),
                config.intOr(names.context, defaults.context, 1, 1 << 24));
    }

    DecoderSizes withContext(int positions) {
        return new DecoderSizes(names, vocabulary, hidden, layers, heads, positions);
    }

    /**
     * Reads the number of key heads; null means as many as heads.
     *
     * @param otherwise what the class has where the file says nothing
     * @throws InvalidModelException if they do not divide the heads
     */
    int keyHeads(ModelConfig config, int otherwise) {
        String field = "num_key_value_heads";
        int keyHeads = config.intOr(field, config.isNull(field) ? heads : otherwise, 1, MOST);
        if (heads % keyHeads != 0) {
            throw new InvalidModelException(
                    "config.json: " + names.heads + ' ' + heads + " is no multiple of " + field + ' ' + keyHeads);
        }
        return keyHeads;
    }

    /**
     * Width of a head.
     *
     * @throws InvalidModelException if the heads do not divide the width of the model
     */
    int headSize() {
        if (hidden % heads != 0) {
            throw new InvalidModelException(
                    "config.json: " + names.hidden + ' ' + hidden + " is no multiple of " + names.heads + ' ' + heads);
        }
        return hidden / heads;
    }
}
