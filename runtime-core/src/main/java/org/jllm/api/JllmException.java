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
                OverloadedException,
                UnavailableException,
                EngineException {
    private static final long serialVersionUID = 1L;

    JllmException(String message) {
        super(oneLine(message));
    }

    JllmException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    /** What a message quotes from a file or a request could hold line breaks, or sequences that steer a terminal. */
    private static String oneLine(String message) {
        return message.replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ").strip();
    }
}
