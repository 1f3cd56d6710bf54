package org.jllm.server;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Errors of requests that never reach a route, such as malformed ones, as errors of the protocol. */
final class HttpErrors extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Object said = request.getAttribute(ERROR_MESSAGE);
        String problem = response.getStatus() >= 500
                ? "internal error; the server's log says more"
                : "the request is not valid HTTP: " + Objects.requireNonNullElse(said, "it was refused");
        ErrorReply reply = ErrorReply.of(response.getStatus(), problem, null, null);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(Json.bytes(reply.body())), callback);
        return true;
    }
}
