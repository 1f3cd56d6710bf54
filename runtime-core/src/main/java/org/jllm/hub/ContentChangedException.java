package org.jllm.hub;

/** What comes is not what the hub has listed. */
final class ContentChangedException extends Exception {
    private static final long serialVersionUID = 1L;

    ContentChangedException(String message) {
        super(message);
    }
}
