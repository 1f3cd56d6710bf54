package org.jllm.api;

/** Receives a text while it is generated. */
@FunctionalInterface
public interface TextListener {
    /**
     * The next part of the text; never empty, never half a character. Runs on the thread that asked for the text.
     *
     * @return whether to go on; false ends the generation with {@link FinishReason#CANCELLED}
     */
    boolean onText(String text);
}
