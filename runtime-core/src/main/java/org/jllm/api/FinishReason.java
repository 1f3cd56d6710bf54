package org.jllm.api;

/** Why a generation ended. */
public enum FinishReason {
    /** The model ended its text, or a stop string was reached. */
    STOP,
    /** {@code maxTokens} were generated, or the context is full. */
    LENGTH,
    /** The caller cancelled it. */
    CANCELLED
}
