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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jllm.api.GenerationResult;
import org.jllm.api.LanguageModel;
import org.jllm.api.ModelNotFoundException;

/** A server with the given models on a free port of the loopback address. */
final class TestServer implements AutoCloseable, ModelHost, GenerationMeter {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final AtomicInteger leases = new AtomicInteger();
    /** Leases that were given back. */
    final AtomicInteger given = new AtomicInteger();

    volatile Runnable whileLoading = () -> {};
    final AtomicInteger finished = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    private final Map<String, LanguageModel> models;
    private final Javalin javalin;
    private final HttpClient client = HttpClient.newHttpClient();

    TestServer(Map<String, LanguageModel> models) {
        this(models, RequestLimits.defaults());
    }

    TestServer(Map<String, LanguageModel> models, RequestLimits limits) {
        this.models = models;
        OpenAiRoutes routes = new OpenAiRoutes(this, limits, null, this);
        javalin = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    routes.register(config);
                })
                .start("127.0.0.1", 0);
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
    public Lease acquire(String name) {
        LanguageModel model = models.get(name);
        if (model == null) {
            throw new ModelNotFoundException("no " + name);
        }
        whileLoading.run();
        leases.incrementAndGet();
        return new Lease() {
            @Override
            public LanguageModel model() {
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
    public List<LanguageModel> loaded() {
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
        models.values().forEach(LanguageModel::close);
    }
}
