package org.jllm.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;

/** The whole server with the embedded model, for the clients of others; its metrics tell what it did. */
final class RunningServer implements AutoCloseable {
    static final String KEY = "a key";
    static final String QUESTION = "ls は何をするコマンドですか？";
    static final String ANSWER = "ls は「ディレクトリの内容をリスト表示する」ためのコマンドです。";

    /** So much work that a client that goes away at its first chunk has left long before the end. */
    static final int LONG_CHOICES = 32;

    static final int LONG_TOKENS = 200;
    static final String END_OF_TEXT = "2";

    private static final Pattern OUTCOME =
            Pattern.compile("(?m)^jllm_requests_total\\{model=\"demo\",outcome=\"(\\w+)\"} (\\S+)$");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server;

    private RunningServer(Server server) {
        this.server = server;
    }

    static RunningServer withKey() {
        return offering("demo");
    }

    /** With models of these names. */
    static RunningServer offering(String... names) {
        ServerConfig config =
                new ServerConfig("127.0.0.1", 0, KEY, false, List.of(), 4 << 20, null, Duration.ofSeconds(30));
        return new RunningServer(
                Server.start(config, Jllm.ofUser(), List.of(names), LoadOptions.none(), 1L << 30, null));
    }

    String baseUrl() {
        return server.address() + "/v1";
    }

    /** How many requests have ended in which way. */
    Map<String, Double> outcomes() {
        Map<String, Double> outcomes = new HashMap<>();
        Matcher matcher = OUTCOME.matcher(metrics());
        while (matcher.find()) {
            outcomes.put(matcher.group(1), Double.valueOf(matcher.group(2)));
        }
        return outcomes;
    }

    /** Waits until so many requests have ended; how they did. */
    Map<String, Double> awaitOutcomes(Map<String, Double> before, int ended) {
        while (true) {
            Map<String, Double> outcomes = outcomes();
            before.forEach((outcome, count) -> outcomes.merge(outcome, -count, Double::sum));
            outcomes.values().removeIf(count -> count == 0);
            if (outcomes.values().stream().mapToDouble(Double::doubleValue).sum() >= ended) {
                return outcomes;
            }
        }
    }

    /** The value of a gauge of the model, or of the process. */
    double gauge(String name) {
        Matcher matcher = Pattern.compile("(?m)^" + name + "(?:\\{model=\"demo\"})? (\\S+)$")
                .matcher(metrics());
        if (!matcher.find()) {
            throw new AssertionError("there is no metric " + name);
        }
        return Double.parseDouble(matcher.group(1));
    }

    String metrics() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.address() + "/metrics"))
                .header("Authorization", "Bearer " + KEY)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
