package org.jllm.api;

/** The model is sound, but of a kind that this version does not run. */
public final class UnsupportedModelException extends JllmException {
    private static final long serialVersionUID = 1L;

    /** An error with a one-line message for the user. */
    public UnsupportedModelException(String message) {
        super(message);
    }

    /** An error with a one-line message for the user and what caused it. */
    public UnsupportedModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
