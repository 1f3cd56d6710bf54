package org.jllm.api;

import java.util.Arrays;

/** What a vector is made of. */
public sealed interface EmbeddingInput {
    /** A text; special tokens written in it count as such. The model's prompt is put before it. */
    record Text(String text) implements EmbeddingInput {}

    /** Token ids with the special ones that the model wants; nothing is put before them. */
    @SuppressWarnings("ArrayRecordComponent") // compared and copied below
    record Tokens(int[] ids) implements EmbeddingInput {
        public Tokens {
            ids = ids.clone();
        }

        @Override
        public int[] ids() {
            return ids.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Tokens tokens && Arrays.equals(ids, tokens.ids);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(ids);
        }
    }
}
