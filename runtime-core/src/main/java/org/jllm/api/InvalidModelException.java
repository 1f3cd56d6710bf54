package org.jllm.api;

/** The files of a model are damaged, incomplete or contradict each other. */
public final class InvalidModelException extends JllmException {
    private static final long serialVersionUID = 1L;

    /** An error with a one-line message for the user. */
    public InvalidModelException(String message) {
        super(message);
    }

    /** An error with a one-line message for the user and what caused it. */
    public InvalidModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
