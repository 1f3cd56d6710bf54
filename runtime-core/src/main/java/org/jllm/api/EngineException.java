package org.jllm.api;

/** The engine or its native library failed or cannot be used on this machine. */
public final class EngineException extends JllmException {
    private static final long serialVersionUID = 1L;

    /** An error with a one-line message for the user. */
    public EngineException(String message) {
        super(message);
    }

    /** An error with a one-line message for the user and what caused it. */
    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
