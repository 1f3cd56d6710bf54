package org.jllm.hub;

/**
 * Hears of a download. The numbers come from several threads, one call at a time; all methods return at once and throw
 * nothing.
 */
public interface PullObserver {
    /** Tells nobody. */
    PullObserver NONE = new PullObserver() {};

    /** One line for the user: what is downloaded and under which licence, or why it takes longer. */
    default void note(String line) {}

    /**
     * A repository's files are about to come.
     *
     * @param bytes of all files that are wanted
     * @param present bytes of those that are here already
     */
    default void begin(String repository, long bytes, long present) {}

    /** More bytes of the repository's files are here; negative if some had to be thrown away. */
    default void progress(long bytes) {}

    /** All files of the repository are here and checked, or the download has failed. */
    default void end(String repository, boolean complete) {}
}
