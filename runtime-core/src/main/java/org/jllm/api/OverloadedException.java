package org.jllm.api;

/** More requests wait than the model may keep waiting; the same request can succeed later. */
public final class OverloadedException extends JllmException {
    private static final long serialVersionUID = 1L;

    /** An error with a one-line message for the user. */
    public OverloadedException(String message) {
        super(message);
    }

    /** An error with a one-line message for the user and what caused it. */
    public OverloadedException(String message, Throwable cause) {
        super(message, cause);
    }
}
