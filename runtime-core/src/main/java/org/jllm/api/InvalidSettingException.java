package org.jllm.api;

/** A setting of the environment, a configuration file or the catalogue that is unknown or out of range. */
public final class InvalidSettingException extends JllmException {
    private static final long serialVersionUID = 1L;

    /** An error with a one-line message for the user. */
    public InvalidSettingException(String message) {
        super(message);
    }

    /** An error with a one-line message for the user and what caused it. */
    public InvalidSettingException(String message, Throwable cause) {
        super(message, cause);
    }
}
