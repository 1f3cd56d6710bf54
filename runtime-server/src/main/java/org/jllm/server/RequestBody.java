package org.jllm.server;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/** Reads the body of a request, as far as it may go and no longer than it may take. */
final class RequestBody {
    /** A client that sends its body in drops would hold a thread for ever. */
    private static final Duration MOST_TIME = Duration.ofMinutes(1);

    private static final int CHUNK = 16 << 10;

    private RequestBody() {}

    /**
     * The body, which has to be JSON in UTF-8 as it stands.
     *
     * @throws ApiException if it is of another type, too large or too slow, or ends early
     */
    static byte[] read(Context context, long mostBytes) {
        checkType(context);
        checkLength(context, mostBytes);
        long begin = System.nanoTime();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = context.req().getInputStream();
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                body.write(chunk, 0, count);
                if (body.size() > mostBytes) {
                    throw tooLarge();
                }
                if (System.nanoTime() - begin > MOST_TIME.toNanos()) {
                    throw new ApiException(408, "the body takes too long to arrive", null, null);
                }
            }
        } catch (IOException e) {
            throw new ApiException(408, "the body did not arrive whole", null, null);
        }
        return body.toByteArray();
    }

    /** Refuses a body whose length is too large before anybody sends it. */
    static void checkLength(Context context, long mostBytes) {
        if (context.req().getContentLengthLong() > mostBytes) {
            throw tooLarge();
        }
    }

    private static void checkType(Context context) {
        String type = Objects.requireNonNullElse(context.contentType(), "").toLowerCase(Locale.ROOT);
        if (!type.matches("application/json\\s*(;\\s*(charset\\s*=\\s*\"?utf-8\"?\\s*)?)?")) {
            throw new ApiException(415, "the Content-Type must be application/json in UTF-8", null, null);
        }
        String encoding = context.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new ApiException(415, "a body with a Content-Encoding is not supported", null, null);
        }
    }

    private static ApiException tooLarge() {
        return new ApiException(413, "the body is larger than this server accepts", null, null);
    }
}
