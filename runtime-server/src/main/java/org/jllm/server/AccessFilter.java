package org.jllm.server;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may call: requests for this machine's own names only where it listens on loopback (a web page could point a name of
 * its own here), pages of allowed origins only, and holders of the key. Safe for use by several threads.
 */
final class AccessFilter {
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> OPEN_PATHS = Set.of("/", "/health");
    private static final String BEARER = "Bearer ";

    private final ServerConfig config;
    private final byte @Nullable [] keyHash;

    AccessFilter(ServerConfig config) {
        this.config = config;
        String key = config.apiKey();
        keyHash = key == null ? null : hash(key);
    }

    /** Whether the request goes on to its route; a browser's preflight is answered here. */
    boolean admit(Context context) {
        checkHost(context);
        if (allowOrigin(context)) {
            return false;
        }
        if (!OPEN_PATHS.contains(context.path())) {
            checkKey(context.header("Authorization"));
        }
        return true;
    }

    private void checkHost(Context context) {
        String host = context.header("Host");
        if (config.loopback() && (host == null || !OWN_NAMES.contains(withoutPort(host)))) {
            throw new ApiException(403, "this server answers requests to localhost only", null, "host_not_allowed");
        }
    }

    private static String withoutPort(String host) {
        return host.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
    }

    /** Lets the pages of allowed origins read the answer; true for a preflight, which is answered by that. */
    private boolean allowOrigin(Context context) {
        String origin = context.header("Origin");
        if (origin == null) {
            return false;
        }
        boolean all = config.origins().contains("*");
        boolean preflight = context.method() == HandlerType.OPTIONS;
        if (!all && !config.origins().contains(origin)) {
            if (preflight) {
                throw new ApiException(
                        403, "pages of this origin may not call: --cors ORIGIN allows it", null, "origin_not_allowed");
            }
            return false;
        }
        context.header("Access-Control-Allow-Origin", all ? "*" : origin);
        context.header("Vary", "Origin");
        if (preflight) {
            context.header("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
            // Clients of the protocol send headers of their own about themselves.
            context.header(
                    "Access-Control-Allow-Headers",
                    Objects.requireNonNullElse(
                            context.header("Access-Control-Request-Headers"), "Authorization, Content-Type"));
            context.header("Access-Control-Max-Age", "600");
            context.status(204);
        }
        return preflight;
    }

    private void checkKey(@Nullable String authorization) {
        if (keyHash == null) {
            return;
        }
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw unauthorized("this server needs an API key: send it as 'Authorization: Bearer KEY'");
        }
        // Hashes are of one length, and are compared in the same time wherever they differ.
        if (!MessageDigest.isEqual(
                keyHash, hash(authorization.substring(BEARER.length()).strip()))) {
            throw unauthorized("the API key is wrong");
        }
    }

    private static ApiException unauthorized(String message) {
        return new ApiException(401, message, null, "invalid_api_key");
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
