package org.jllm.api;

/** The request is fine, but there is no room for it: the context or the memory of the caches is full. */
public final class CapacityException extends JllmException {
    private static final long serialVersionUID = 1L;

    /** An error with a one-line message for the user. */
    public CapacityException(String message) {
        super(message);
    }

    /** An error with a one-line message for the user and what caused it. */
    public CapacityException(String message, Throwable cause) {
        super(message, cause);
    }
}
