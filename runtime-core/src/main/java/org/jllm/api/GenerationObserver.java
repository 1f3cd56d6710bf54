package org.jllm.api;

/**
 * Hears of a generation while it runs, on the thread that computes for all requests: an implementation must return at once
 * and leave everything that may block to another thread. After {@link #onEnd} or {@link #onError}, one of which comes
 * exactly once, nothing follows. An exception that it throws cancels the generation.
 */
public interface GenerationObserver {
    /** The next part of the text. */
    void onChunk(TextChunk chunk);

    /** The text has ended, also by being cancelled. */
    void onEnd(GenerationResult result);

    /** It failed; what was handed on before stays valid. */
    void onError(JllmException error);
}
