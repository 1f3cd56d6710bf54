package org.jllm.tokenizer.words;

import java.util.function.Supplier;

/**
 * An analyser that was chosen but not opened.
 *
 * @param text which it is, with what dictionary and why, in a few words
 */
public record AnalyserChoice(String text, Supplier<Analyser> opener) {
    /**
     * Opens it.
     *
     * @throws org.jllm.api.JllmException if it cannot be had; the message says how to get it
     */
    public Analyser open() {
        return opener.get();
    }
}
