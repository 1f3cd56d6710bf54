package org.jllm.api;

/** What was made of a text. */
public sealed interface EmbeddingResult permits Embedding, TokenEmbeddings {
    /** Tokens that the model read, special ones and a prompt included. */
    int tokens();

    /** Whether the text was longer than what the model takes, and cut. */
    boolean truncated();
}
