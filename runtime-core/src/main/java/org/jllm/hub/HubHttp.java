package org.jllm.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jllm.api.UnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * GET requests to the hub and to where it redirects. The token goes to the hub's own scheme, host and port and nowhere
 * else. Safe for use by several threads.
 */
final class HubHttp {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_REDIRECTS = 8;

    private final HubAccess access;
    private final Duration patience;
    private final HttpClient client;

    /**
     * @param patience how long an answer, or the next bytes of one, may take
     */
    HubHttp(HubAccess access, Map<String, String> environment, Duration patience) {
        this.access = access;
        this.patience = patience;
        EnvironmentProxies proxies = new EnvironmentProxies(environment);
        HttpClient.Builder builder = HttpClient.newBuilder()
                // One connection a range: with HTTP/2 all would share one.
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience);
        if (proxies.isGiven()) {
            builder.proxy(proxies);
            proxies.authenticator().ifPresent(builder::authenticator);
        }
        client = builder.build();
    }

    /**
     * @param range of bytes, as the header has it; null: all
     * @throws IOException if the network fails
     */
    HubResponse get(URI address, @Nullable String range) throws IOException, InterruptedException {
        return send("GET", address, range);
    }

    /** The hub's own answer to a HEAD request: redirects to other hosts are not followed. */
    HubResponse head(URI address) throws IOException, InterruptedException {
        return send("HEAD", address, null);
    }

    private HubResponse send(String method, URI address, @Nullable String range)
            throws IOException, InterruptedException {
        URI next = address;
        HttpHeaders first = null;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<? extends InputStream> response =
                    client.send(request(method, next, range), info -> new TimedBody(patience));
            first = first == null ? response.headers() : first;
            String location = response.headers().firstValue("Location").orElse("");
            boolean ends = !REDIRECTS.contains(response.statusCode())
                    || (method.equals("HEAD")
                            && !Origin.of(target(next, location)).equals(Origin.of(access.endpoint())));
            if (ends) {
                return new HubResponse(response.statusCode(), first, response.headers(), next, response.body());
            }
            response.body().close();
            next = target(next, location);
        }
        throw new UnavailableException(access.endpoint() + " redirects in a circle");
    }

    private HttpRequest request(String method, URI address, @Nullable String range) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(patience)
                .header("User-Agent", "jllm")
                .header("Accept-Encoding", "identity");
        if (access.token() != null && Origin.of(address).equals(Origin.of(access.endpoint()))) {
            request.header("Authorization", "Bearer " + access.token());
        }
        if (range != null) {
            request.header("Range", range);
        }
        return request.build();
    }

    private URI target(URI from, String location) {
        try {
            URI target = from.resolve(location);
            String scheme = Origin.of(target).scheme();
            boolean secure = scheme.equals("https") || (scheme.equals("http") && "http".equals(from.getScheme()));
            if (!location.isEmpty() && target.getHost() != null && secure) {
                return target;
            }
        } catch (IllegalArgumentException e) {
            // Below.
        }
        throw new UnavailableException(access.endpoint() + " redirects to an address that is not followed");
    }
}
