package org.jllm.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP as clients should not speak it, byte by byte. */
@Timeout(60)
class HttpTest {
    private static final String TEXT = "{\"model\":\"demo\",\"prompt\":\"名前\",\"max_tokens\":2}";
    private static final String POST =
            "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private static Server server;
    private static int port;

    @BeforeAll
    static void start() {
        server =
                Server.start(ServerConfig.local(0), Jllm.ofUser(), List.of("demo"), LoadOptions.none(), 1L << 30, null);
        port = Integer.parseInt(server.address().replaceAll(".*:", ""));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** What the server says until it closes the connection. */
    private static String say(String request) throws IOException {
        return say(port, request);
    }

    private static String say(int port, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonNode error(int status, String reply) {
        assertThat(reply).startsWith("HTTP/1.1 " + status + " ").contains("application/json");
        return TestServer.json(reply.substring(reply.indexOf("\r\n\r\n") + 4)).get("error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|NONSENSE",
                "400|FOO BAR /health HTTP/1.1",
                "400|GET /health HTTP/1.1",
                "400|GET //v1/models HTTP/1.1#Host: localhost",
                "400|GET /v1/models/%2e%2e/x HTTP/1.1#Host: localhost",
                "400|GET /v1/models/a%00b HTTP/1.1#Host: localhost",
                "400|GET /v1/models/%zz HTTP/1.1#Host: localhost",
                "400|POST /v1/completions HTTP/1.1#Host: localhost#Content-Length: -5",
                "404|GET /v1/models;x=1 HTTP/1.1#Host: localhost",
                "404|GET /v1/models/../../etc/passwd HTTP/1.1#Host: localhost",
                "405|OPTIONS /v1/models HTTP/1.1#Host: localhost",
                "405|TRACE /v1/models HTTP/1.1#Host: localhost",
                "415|POST /v1/completions HTTP/1.1#Host: localhost#Content-Length: 2"
            })
    void malformedRequestsGetErrorsOfTheProtocol(int status, String lines) throws IOException {
        String reply = say(lines.replace("#", "\r\n") + "\r\nConnection: close\r\n\r\n{}");
        JsonNode error = error(status, reply);
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(error.get("type").textValue()).isEqualTo("invalid_request_error");
    }

    @Test
    void largeHeadersAreRefused() throws IOException {
        error(431, say("GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"));
    }

    @Test
    void headHasNoBody() throws IOException {
        String reply = say("HEAD /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(reply).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
    }

    @Test
    void bodyMayComeInChunks() throws IOException {
        StringBuilder chunks = new StringBuilder(POST + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
        TEXT.codePoints()
                .mapToObj(Character::toString)
                .forEach(part -> chunks.append(Integer.toHexString(part.getBytes(StandardCharsets.UTF_8).length))
                        .append("\r\n")
                        .append(part)
                        .append("\r\n"));
        assertThat(say(chunks + "0\r\n\r\n")).startsWith("HTTP/1.1 200 ").contains("text_completion");
    }

    @Test
    void largeBodiesAreRefusedWithOrWithoutALength() throws IOException {
        // A client that asks first is told no, not to go on.
        String asked = say(POST + "Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
        error(413, asked);
        int length = 5 << 20;
        String chunk = Integer.toHexString(length) + "\r\n" + " ".repeat(length) + "\r\n0\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", port)) {
            Thread sender = new Thread(() -> send(socket, POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk));
            sender.start();
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 413");
        }
    }

    /** What comes before the connection is closed, or cut. */
    private static byte[] rest(Socket socket) {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(rest);
        } catch (IOException e) {
            // It was cut.
        }
        return rest.toByteArray();
    }

    private static void send(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It was refused before all of it was sent.
        }
    }

    @Test
    void aClientThatAsksFirstIsToldToGoOn() throws IOException {
        byte[] body = TEXT.getBytes(StandardCharsets.UTF_8);
        String reply = say(POST + "Expect: 100-continue\r\nConnection: close\r\nContent-Length: " + body.length
                + "\r\n\r\n" + TEXT);
        assertThat(reply).startsWith("HTTP/1.1 100 ").contains("HTTP/1.1 200 ");
    }

    @Test
    void compressedBodiesAreRefusedByName() throws IOException {
        String reply = say(POST + "Content-Encoding: gzip\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        assertThat(error(415, reply).get("message").textValue()).contains("Content-Encoding");
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        String one = POST + "Content-Length: " + TEXT.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + TEXT;
        String last = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        String replies = say(one + one + last);
        assertThat(replies.split("HTTP/1.1 200 ", -1)).hasSize(4);
        assertThat(replies).endsWith("{\"status\":\"ok\"}");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bodiesThatDoNotComeTakeNoMoreThanTheirPlaces(boolean leave) throws IOException {
        FakeModel model = new FakeModel(Optional.of("plain"), observer -> {});
        try (TestServer small = new TestServer(Map.of("fake", model), RequestLimits.of(1000, 2))) {
            List<Socket> silent = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Socket socket = new Socket("127.0.0.1", small.port());
                // Who is told to go on has a place.
                String head = POST + "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().readNBytes(12);
                silent.add(socket);
            }
            assertThat(small.post("/v1/completions", "{}").statusCode()).isEqualTo(429);
            assertThat(small.get("/v1/models").statusCode()).isEqualTo(200);
            for (Socket socket : silent) {
                if (leave) {
                    socket.close();
                } else {
                    socket.getOutputStream().write("{}".repeat(50).getBytes(StandardCharsets.US_ASCII));
                }
            }
            while (small.post("/v1/completions", "{}").statusCode() == 429) {
                Thread.onSpinWait();
            }
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void aReaderThatStallsDoesNotHoldUpTheEnd() throws Exception {
        String body =
                "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"ls\"}],\"n\":16,\"stream\":true,"
                        + "\"max_tokens\":200,\"logprobs\":true,\"top_logprobs\":20,\"logit_bias\":{\"2\":-100}}";
        ServerConfig config =
                new ServerConfig("127.0.0.1", 0, null, false, List.of(), 4 << 20, null, Duration.ofMillis(100));
        Server ending = Server.start(config, Jllm.ofUser(), List.of("demo"), LoadOptions.none(), 1L << 30, null);
        int endingPort = Integer.parseInt(ending.address().replaceAll(".*:", ""));
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", endingPort));
            String request = POST.replace("completions", "chat/completions") + "Content-Length: "
                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getInputStream().readNBytes(12);
            // All is generated, and most of it waits for the reader.
            String metrics = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            while (!say(endingPort, metrics).contains("outcome=\"length\"} 16.0")) {
                Thread.onSpinWait();
            }
            long begin = System.nanoTime();
            ending.close();
            // Much less than the minute after which a connection is given up that does not move.
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
            assertThat(new String(rest(socket), StandardCharsets.UTF_8)).doesNotContain("[DONE]");
        }
    }
}
