package org.jllm.api;

import java.util.Iterator;

/**
 * A text that can be read while it grows, at the reader's own pace: a slow reader holds up nobody. For use by one thread,
 * but for {@link #cancel} and {@link #close}.
 */
public interface GenerationStream extends Iterator<TextChunk>, RunningGeneration, AutoCloseable {
    /**
     * Waits for the next chunk or the end.
     *
     * @throws JllmException if the generation failed
     * @throws UnavailableException if the thread was interrupted; the generation is cancelled then
     */
    @Override
    boolean hasNext();

    /** How it ended; reads what is left of the text first. */
    GenerationResult result();

    /** Cancels the generation if it still runs. */
    @Override
    void close();
}
