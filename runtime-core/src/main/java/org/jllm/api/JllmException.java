package org.jllm.api;

/**
 * An error whose message is one line that says what is wrong and what to do about it. The subclasses are what a caller
 * can tell apart.
 */
public abstract sealed class JllmException extends RuntimeException
        permits ModelNotFoundException,
                InvalidModelException,
                UnsupportedModelException,
                InvalidRequestException,
                InvalidSettingException,
                CapacityException,
                EngineException {
    private static final long serialVersionUID = 1L;

    JllmException(String message) {
        super(message);
    }

    JllmException(String message, Throwable cause) {
        super(message, cause);
    }
}
