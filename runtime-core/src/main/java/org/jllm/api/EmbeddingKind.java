package org.jllm.api;

/** What a text is to a search, for models that were trained to tell the two apart. */
public enum EmbeddingKind {
    /** What is asked. */
    QUERY,
    /** What is to be found. */
    DOCUMENT
}
