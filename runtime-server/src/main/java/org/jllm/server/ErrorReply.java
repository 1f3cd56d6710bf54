package org.jllm.server;

import org.jllm.api.CapacityException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.OverloadedException;
import org.jllm.api.UnavailableException;
import org.jspecify.annotations.Nullable;

/** The status of an error and its body. */
record ErrorReply(int status, Body body) {
    record Body(Problem error) {}

    record Problem(
            String message,
            String type,
            @Nullable String param,
            @Nullable String code) {}

    static ErrorReply of(Throwable error) {
        if (error instanceof ApiException api) {
            return of(api.status(), api.text(), api.param(), api.code());
        }
        if (error instanceof JllmException known) {
            return of(known, String.valueOf(known.getMessage()));
        }
        return of(500, "internal error; the server's log says more", null, null);
    }

    private static ErrorReply of(JllmException error, String message) {
        if (error instanceof InvalidRequestException) {
            return of(400, message, null, null);
        }
        if (error instanceof CapacityException) {
            return of(400, message, null, "context_length_exceeded");
        }
        if (error instanceof ModelNotFoundException) {
            return of(404, message, "model", "model_not_found");
        }
        if (error instanceof OverloadedException) {
            return of(429, message, null, "rate_limit_exceeded");
        }
        if (error instanceof UnavailableException) {
            return of(503, message, null, "unavailable");
        }
        return of(500, message, null, null);
    }

    static ErrorReply of(int status, String message, @Nullable String param, @Nullable String code) {
        return new ErrorReply(status, new Body(new Problem(Json.oneLine(message), type(status), param, code)));
    }

    private static String type(int status) {
        return status == 429 ? "requests" : status >= 500 ? "server_error" : "invalid_request_error";
    }
}
