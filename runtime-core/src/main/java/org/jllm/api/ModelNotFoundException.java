package org.jllm.api;

/** No model goes by that name, or its files are not on this machine. */
public final class ModelNotFoundException extends JllmException {
    private static final long serialVersionUID = 1L;

    /** An error with a one-line message for the user. */
    public ModelNotFoundException(String message) {
        super(message);
    }

    /** An error with a one-line message for the user and what caused it. */
    public ModelNotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
