package org.jllm.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.GenerationResult;
import org.jllm.api.LanguageModel;
import org.jllm.api.ModelNotFoundException;

/** A server with the given models on a free port of the loopback address. */
final class TestServer implements AutoCloseable, ModelHost, GenerationMeter, EmbeddingMeter {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final AtomicInteger leases = new AtomicInteger();
    /** Leases that were given back. */
    final AtomicInteger given = new AtomicInteger();

    volatile Runnable whileLoading = () -> {};
    final AtomicInteger finished = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    final AtomicInteger embedded = new AtomicInteger();
    private final Map<String, ServedModel> models = new LinkedHashMap<>();
    private final Javalin javalin;
    private final HttpClient client = HttpClient.newHttpClient();

    TestServer(Map<String, LanguageModel> models) {
        this(models, RequestLimits.defaults());
    }

    TestServer(Map<String, LanguageModel> models, RequestLimits limits) {
        this(limits);
        models.forEach((id, model) -> this.models.put(id, new ServedModel.Texts(model)));
    }

    private TestServer(RequestLimits limits) {
        OpenAiRoutes routes = new OpenAiRoutes(this, limits, null, this, this);
        javalin = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    routes.register(config);
                })
                .start("127.0.0.1", 0);
    }

    /** A server with a model that makes vectors, and others that continue texts. */
    static TestServer withEmbeddings(Map<String, EmbeddingModel> embeddings, Map<String, LanguageModel> models) {
        TestServer server = new TestServer(models);
        embeddings.forEach((id, model) -> server.models.put(id, new ServedModel.Vectors(model)));
        return server;
    }

    int port() {
        return javalin.port();
    }

    String address() {
        return "http://127.0.0.1:" + port();
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    HttpResponse<String> get(String path) {
        return send(request(path).build());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address() + path));
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    static String quoted(String text) {
        return MAPPER.valueToTree(text).toString();
    }

    /** The data of the events of a stream. */
    static List<String> events(String body) {
        List<String> events = new ArrayList<>();
        for (String event : body.split("\n\n")) {
            if (!event.startsWith(":")) {
                events.add(event.substring("data: ".length()));
            }
        }
        return events;
    }

    @Override
    public List<Offered> offered() {
        return models.keySet().stream().map(id -> new Offered(id, 1, "jllm")).toList();
    }

    @Override
    public Optional<Offered> find(String name) {
        return offered().stream().filter(model -> model.id().equals(name)).findFirst();
    }

    @Override
    public Lease acquire(String name, ServedModel.Kind kind) {
        ServedModel model = models.get(name);
        if (model == null) {
            throw new ModelNotFoundException("no " + name);
        }
        if (model.kind() != kind) {
            throw model.kind().mismatch(name);
        }
        whileLoading.run();
        leases.incrementAndGet();
        return new Lease() {
            @Override
            public ServedModel served() {
                return model;
            }

            @Override
            public void close() {
                leases.decrementAndGet();
                given.incrementAndGet();
            }
        };
    }

    @Override
    public String withoutPlaces(String message) {
        return message;
    }

    @Override
    public List<ServedModel> loaded() {
        return List.copyOf(models.values());
    }

    @Override
    public List<Resident> residents() {
        return List.of();
    }

    @Override
    public void finished(String model, GenerationResult result) {
        finished.incrementAndGet();
    }

    @Override
    public void embedded(String model, int texts, long tokens, Duration time) {
        embedded.addAndGet(texts);
    }

    @Override
    public void failed(String model) {
        failed.incrementAndGet();
    }

    /** A client may see the end of an answer before its lease is given back. */
    void awaitNoLeases() {
        while (leases.get() != 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        javalin.stop();
        models.values().forEach(ServedModel::close);
    }
}
