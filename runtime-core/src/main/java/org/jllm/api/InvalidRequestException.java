package org.jllm.api;

/** A request that cannot be carried out as it stands: a value out of range, an unusable prompt. */
public final class InvalidRequestException extends JllmException {
    private static final long serialVersionUID = 1L;

    /** An error with a one-line message for the user. */
    public InvalidRequestException(String message) {
        super(message);
    }

    /** An error with a one-line message for the user and what caused it. */
    public InvalidRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
