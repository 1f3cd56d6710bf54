package org.jllm.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jllm.api.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * How a server is reached, and what it lets in.
 *
 * @param host address to listen on
 * @param port 0 to 65535; 0 takes any that is free
 * @param apiKey what callers have to know; null: nothing
 * @param insecure whether others than this machine may call without a key
 * @param origins web pages that may call, such as {@code https://example.org}, or {@code *}; none: no page
 * @param maxBodyBytes of a request
 * @param requestTimeout how long a request may take, waiting included; null: as long as it needs
 * @param drain how long running requests may take when the server is shut down
 */
public record ServerConfig(
        String host,
        int port,
        @Nullable String apiKey,
        boolean insecure,
        List<String> origins,
        long maxBodyBytes,
        @Nullable Duration requestTimeout,
        Duration drain) {
    private static final long MAX_BODY_BYTES = 4 << 20;
    /** What a header can carry. */
    private static final Pattern KEY = Pattern.compile("[!-~]([ -~]*[!-~])?");
    /** As browsers write it: in lower case, without a path. */
    private static final Pattern ORIGIN = Pattern.compile("\\*|null|[a-z][a-z0-9+.-]*://[^/\\sA-Z]+");

    public ServerConfig {
        origins = List.copyOf(origins);
        if (port < 0 || port > 65535) {
            throw new InvalidRequestException("port must be at least 0 and at most 65535, not " + port);
        }
        if (apiKey != null && !KEY.matcher(apiKey).matches()) {
            throw new InvalidRequestException(
                    "the API key must be printable ASCII, not empty, and without spaces at its ends");
        }
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new InvalidRequestException(
                        "--cors takes an origin such as https://example.org, or *, not '" + origin + "'");
            }
        }
        if (apiKey == null && !insecure && !isLoopback(host)) {
            throw new InvalidRequestException("listening on " + host
                    + " lets others in: give --api-key, or --insecure if they may use the models without one");
        }
    }

    /** This machine only, without a key. */
    public static ServerConfig local(int port) {
        return new ServerConfig(
                "127.0.0.1", port, null, false, List.of(), MAX_BODY_BYTES, null, Duration.ofSeconds(30));
    }

    boolean loopback() {
        return isLoopback(host);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new InvalidRequestException("there is no address " + host + " to listen on", e);
        }
    }
}
