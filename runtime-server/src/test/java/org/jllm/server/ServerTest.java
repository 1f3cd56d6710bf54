package org.jllm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jllm.Jllm;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.api.ModelNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as a whole, on the embedded model: who may call it, what it tells of itself, how it ends. */
@Timeout(120)
class ServerTest {
    private static final String KEY = "a key";
    private static final String CHAT = """
            {"model":"demo","max_tokens":MOST,"stream":STREAM,"messages":[{"role":"user","content":"ls とは？"}]}""";

    private final HttpClient client = HttpClient.newHttpClient();
    private Server server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void start(String key, List<String> origins, Duration drain) {
        ServerConfig config = new ServerConfig("127.0.0.1", 0, key, false, origins, 4 << 20, null, drain);
        server = start(config);
    }

    private static Server start(ServerConfig config) {
        return Server.start(
                config, Jllm.ofUser(), List.of("demo"), LoadOptions.none(), 1L << 30, Duration.ofMinutes(1));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder chat(int most, boolean stream) {
        String body = CHAT.replace("MOST", Integer.toString(most)).replace("STREAM", Boolean.toString(stream));
        return request("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    @Test
    void theKeyIsAskedForButForHealth() throws Exception {
        start(KEY, List.of(), Duration.ofSeconds(30));
        assertThat(send(request("/health")).statusCode()).isEqualTo(200);
        assertThat(send(request("/")).statusCode()).isEqualTo(200);
        HttpResponse<String> none = send(request("/v1/models"));
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.body()).contains("\"code\":\"invalid_api_key\"");
        assertThat(send(request("/metrics")).statusCode()).isEqualTo(401);
        assertThat(send(request("/v1/models").header("Authorization", "Bearer a kez"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(send(request("/v1/models").header("Authorization", "Bearer " + KEY))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void namesOfOthersAreRefusedOnLoopback() throws Exception {
        start(null, List.of(), Duration.ofSeconds(30));
        assertThat(statusForHost("evil.example")).contains("403");
        assertThat(statusForHost("127.0.0.1.evil.example:80")).contains("403");
        assertThat(statusForHost("LocalHost:1234")).contains("200");
        assertThat(statusForHost("[::1]")).contains("200");
    }

    private String statusForHost(String host) throws IOException {
        URI address = URI.create(server.address());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void pagesMayCallOnlyWhereTheyAreAllowed() throws Exception {
        start(KEY, List.of("https://good.example"), Duration.ofSeconds(30));
        HttpResponse<String> good = send(request("/v1/models")
                .header("Origin", "https://good.example")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(good.statusCode()).isEqualTo(204);
        assertThat(good.headers().firstValue("Access-Control-Allow-Origin")).contains("https://good.example");
        // Such as OpenAI's client in a browser sends.
        HttpResponse<String> headers = send(request("/v1/models")
                .header("Origin", "https://good.example")
                .header("Access-Control-Request-Headers", "authorization,x-stainless-os")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(headers.headers().firstValue("Access-Control-Allow-Headers"))
                .contains("authorization,x-stainless-os");
        HttpResponse<String> bad = send(request("/v1/models")
                .header("Origin", "https://bad.example")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(bad.statusCode()).isEqualTo(403);
        HttpResponse<String> read = send(request("/health").header("Origin", "https://bad.example"));
        assertThat(read.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void unknownRoutesMethodsAndLargeBodiesAreErrorsOfTheProtocol() throws Exception {
        start(null, List.of(), Duration.ofSeconds(30));
        assertThat(send(request("/v1/nothing")).statusCode()).isEqualTo(404);
        assertThat(send(request("/v1/nothing")).body()).contains("\"error\"");
        assertThat(send(request("/v1/models").DELETE()).statusCode()).isEqualTo(405);
        HttpResponse<String> large = send(request("/v1/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[5 << 20])));
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).contains("\"error\"");
    }

    @Test
    void metricsCountWhatWasDone() throws Exception {
        start(null, List.of(), Duration.ofSeconds(30));
        assertThat(send(chat(3, false)).statusCode()).isEqualTo(200);
        String metrics = send(request("/metrics")).body();
        assertThat(metrics)
                .contains("jllm_requests_total{model=\"demo\",outcome=\"length\"} 1.0")
                .contains("jllm_tokens_generated_total{model=\"demo\"} 3.0")
                .contains("jllm_time_to_first_token_seconds_count{model=\"demo\"} 1")
                .contains("jllm_time_per_token_seconds_count{model=\"demo\"} 1")
                .contains("jllm_requests_running{model=\"demo\"} 0.0")
                .contains("jllm_lookup_guessed{model=\"demo\"} ")
                .contains("jllm_lookup_accepted{model=\"demo\"} ")
                .contains("jllm_models_loaded 1.0");
    }

    @Test
    void runningAnswersFinishWhenTheServerEnds() throws Exception {
        start(null, List.of(), Duration.ofSeconds(60));
        HttpRequest health = request("/health").build();
        var answer = client.sendAsync(chat(200, true).build(), HttpResponse.BodyHandlers.ofInputStream())
                .get();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).startsWith("data: ");
            Thread closing = new Thread(server::close);
            closing.start();
            String rest = String.join("\n", lines.lines().toList());
            assertThat(rest).contains("\"finish_reason\":\"stop\"").endsWith("data: [DONE]\n");
            closing.join();
        }
        assertThatThrownBy(() -> client.send(health, HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void othersAreLetInOnlyOnPurpose() {
        assertThatThrownBy(() -> new ServerConfig("0.0.0.0", 0, null, false, List.of(), 1, null, Duration.ZERO))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("--api-key");
        assertThat(new ServerConfig("0.0.0.0", 0, KEY, false, List.of(), 1, null, Duration.ZERO).loopback())
                .isFalse();
        assertThat(new ServerConfig("0.0.0.0", 0, null, true, List.of(), 1, null, Duration.ZERO).loopback())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a key ", "鍵", "a\tb"})
    void aKeyThatNoHeaderCanCarryIsRefused(String key) {
        assertThatThrownBy(() -> new ServerConfig("127.0.0.1", 0, key, false, List.of(), 1, null, Duration.ZERO))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("API key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.org", "https://example.org/", "https://Example.org", "https://a b"})
    void anOriginThatNoBrowserSendsIsRefused(String origin) {
        assertThatThrownBy(() -> new ServerConfig("127.0.0.1", 0, null, false, List.of(origin), 1, null, Duration.ZERO))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("--cors");
    }

    @Test
    void aPortInUseAndAMistypedModelAreErrorsAtTheStart() {
        start(null, List.of(), Duration.ofSeconds(30));
        int port = URI.create(server.address()).getPort();
        assertThatThrownBy(() -> start(ServerConfig.local(port)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("--port");
        assertThatThrownBy(() -> Server.start(
                        ServerConfig.local(0), Jllm.ofUser(), List.of("demmo"), LoadOptions.none(), 1L << 30, null))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("demo");
    }
}
