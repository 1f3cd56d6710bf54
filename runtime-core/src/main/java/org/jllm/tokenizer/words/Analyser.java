package org.jllm.tokenizer.words;

import java.util.List;

/** Cuts text into words. Safe for use by several threads. */
@FunctionalInterface
public interface Analyser extends AutoCloseable {
    /**
     * The words of a text, from its beginning to its end. White space may be left out.
     *
     * @throws org.jllm.api.JllmException if the analyser or its dictionary fails
     */
    List<String> words(String text);

    @Override
    default void close() {}
}
