package org.jllm.api;

/** The request ended before its time: its deadline has passed, or the model is being closed. */
public final class UnavailableException extends JllmException {
    private static final long serialVersionUID = 1L;

    /** An error with a one-line message for the user. */
    public UnavailableException(String message) {
        super(message);
    }

    /** An error with a one-line message for the user and what caused it. */
    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
