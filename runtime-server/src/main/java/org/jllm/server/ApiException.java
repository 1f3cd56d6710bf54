package org.jllm.server;

import org.jspecify.annotations.Nullable;

/** A request that is answered with an error of OpenAI's protocol. The message is one line. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable String param;
    private final @Nullable String code;

    ApiException(int status, String message, @Nullable String param, @Nullable String code) {
        super(Json.oneLine(message));
        this.status = status;
        this.param = param;
        this.code = code;
    }

    /** A request that has to be changed because of one of its fields. */
    static ApiException field(String param, String problem) {
        return new ApiException(400, param + " " + problem, param, null);
    }

    int status() {
        return status;
    }

    @Nullable
    String param() {
        return param;
    }

    @Nullable
    String code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
