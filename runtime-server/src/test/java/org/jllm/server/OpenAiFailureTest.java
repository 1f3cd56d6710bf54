package org.jllm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jllm.api.CapacityException;
import org.jllm.api.EngineException;
import org.jllm.api.GenerationObserver;
import org.jllm.api.OverloadedException;
import org.jllm.api.TextChunk;
import org.jllm.api.UnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that fail and clients that go away. */
@Timeout(60)
class OpenAiFailureTest {
    private static final String BODY =
            "{\"model\":\"fake\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"stream\":";

    private static FakeModel model(Consumer<GenerationObserver> script) {
        return new FakeModel(Optional.of("plain"), script);
    }

    private static HttpResponse<String> ask(FakeModel model, boolean stream) {
        try (TestServer server = new TestServer(Map.of("fake", model))) {
            HttpResponse<String> response = server.post("/v1/chat/completions", BODY + stream + "}");
            server.awaitNoLeases();
            return response;
        }
    }

    private static HttpResponse<String> refused(RuntimeException error) {
        return ask(
                model(observer -> {
                    throw error;
                }),
                true);
    }

    @Test
    void errorBeforeTheFirstByteIsAPlainOne() {
        HttpResponse<String> busy = refused(new OverloadedException("busy"));
        assertThat(busy.statusCode()).isEqualTo(429);
        assertThat(busy.headers().firstValue("Retry-After")).contains("1");
        assertThat(busy.body())
                .isEqualTo("{\"error\":{\"message\":\"busy\",\"type\":\"requests\",\"param\":null,"
                        + "\"code\":\"rate_limit_exceeded\"}}");
        assertThat(refused(new UnavailableException("closing")).statusCode()).isEqualTo(503);
        assertThat(refused(new CapacityException("long")).body()).contains("context_length_exceeded");
        HttpResponse<String> bug = refused(new IllegalStateException("secret"));
        assertThat(bug.statusCode()).isEqualTo(500);
        assertThat(bug.body()).contains("server_error").doesNotContain("secret");
    }

    @Test
    void errorBeforeTheFirstTokenHasItsStatusInAStreamToo() {
        HttpResponse<String> response =
                ask(model(observer -> observer.onError(new UnavailableException("too late"))), true);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body()).contains("too late");
    }

    @Test
    void messageOfAModelIsOneLineOfWholeCharacters() {
        HttpResponse<String> response = refused(new EngineException("a\nb\u2028c \ud800"));
        assertThat(TestServer.json(response.body()).at("/error/message").textValue())
                .isEqualTo("a b c \uFFFD");
    }

    @Test
    void errorInMidStreamIsTheLastEvent() {
        Consumer<GenerationObserver> script = observer -> {
            observer.onChunk(new TextChunk("あ", List.of()));
            observer.onError(new EngineException("broken"));
        };
        List<String> events = TestServer.events(ask(model(script), true).body());
        assertThat(events.get(1)).contains("あ");
        assertThat(events.get(events.size() - 1))
                .isEqualTo("{\"error\":{\"message\":\"broken\",\"type\":\"server_error\",\"param\":null,"
                        + "\"code\":null}}");
        assertThat(ask(model(script), false).statusCode()).isEqualTo(500);
    }

    @Test
    void baseModelNamesTheOtherEndpoint() {
        HttpResponse<String> response = ask(new FakeModel(Optional.empty(), observer -> {}), false);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("/v1/completions");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void silentGenerationOfAClientThatWentAwayIsCancelled(boolean stream) throws IOException, InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        FakeModel model = model(observer -> {
            observer.onChunk(new TextChunk("あ", List.of()));
            started.countDown();
        });
        try (TestServer server = new TestServer(Map.of("fake", model))) {
            byte[] body = (BODY + stream + "}").getBytes(StandardCharsets.UTF_8);
            String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + body.length + "\r\n\r\n";
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(body);
                if (stream) {
                    InputStream in = socket.getInputStream();
                    assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII))
                            .isEqualTo("HTTP/1.1 200");
                }
                await(started);
                assertThat(model.cancelled.getCount()).isOne();
            }
            assertThat(model.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void nothingIsGeneratedForAClientThatWentAwayWhileTheModelWasLoading() throws IOException {
        AtomicBoolean started = new AtomicBoolean();
        FakeModel model = model(observer -> started.set(true));
        try (TestServer server = new TestServer(Map.of("fake", model))) {
            CountDownLatch loading = new CountDownLatch(1);
            CountDownLatch gone = new CountDownLatch(1);
            server.whileLoading = () -> {
                loading.countDown();
                await(gone);
            };
            byte[] body = (BODY + "false}").getBytes(StandardCharsets.UTF_8);
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                String head =
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Content-Length: " + body.length + "\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(body);
                await(loading);
            }
            gone.countDown();
            while (server.given.get() == 0) {
                Thread.onSpinWait();
            }
            assertThat(started).isFalse();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
