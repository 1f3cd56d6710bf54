package org.jllm.api;

/** A generation that waits or runs. Safe for use by several threads. */
public interface RunningGeneration {
    /** Tokens of the prompt, special tokens included. */
    int promptTokens();

    /** Ends it with {@link FinishReason#CANCELLED} before the next token; without effect when it has ended. */
    void cancel();
}
