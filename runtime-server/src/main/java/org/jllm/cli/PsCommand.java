package org.jllm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.UnavailableException;
import org.jllm.catalogue.ByteSize;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "ps",
        description = "Shows which models a running server has in memory.",
        footer = "The key may come from JLLM_API_KEY: others on this machine can read command lines.")
final class PsCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;

    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--url", paramLabel = "URL", description = "The server; by default http://127.0.0.1:8080.")
    private String url = "http://127.0.0.1:8080";

    @Option(names = "--api-key", paramLabel = "KEY", description = "What the server wants callers to know.")
    private @Nullable String apiKey;

    @Option(names = "--json", description = "As the server says it.")
    private boolean json;

    PsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        JsonNode answer = answer(ask(address()));
        if (json) {
            console.out()
                    .println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(answer));
            return 0;
        }
        JsonNode models = answer.path("models");
        if (models.isEmpty()) {
            console.note("no model is in memory: the first request loads one");
            return 0;
        }
        Table table = new Table("MODEL", "STATE", "MEMORY", "CONTEXT", "RUNNING", "WAITING", "IDLE", "UNLOADS IN");
        models.forEach(model -> table.add(
                model.path("model").asText(),
                model.path("state").asText(),
                ByteSize.format(model.path("bytes").longValue()),
                model.path("context_length").asText(""),
                model.path("running").asText(),
                model.path("waiting").asText(),
                model.path("idle_seconds").asText() + "s",
                model.path("unloads_in_seconds").isNull()
                        ? ""
                        : model.path("unloads_in_seconds").asText() + "s"));
        table.lines(Terminal.columns()).forEach(console.out()::println);
        return 0;
    }

    private URI address() {
        try {
            URI address = URI.create(url.replaceFirst("/+$", "") + "/api/ps");
            String scheme = String.valueOf(address.getScheme());
            if (address.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Below.
        }
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(),
                "--url must be like http://127.0.0.1:8080, not '" + url + "'");
    }

    private HttpResponse<String> ask(URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(PATIENCE);
        String key = apiKey != null ? apiKey : System.getenv("JLLM_API_KEY");
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            return HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .build()
                    .send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UnavailableException(
                    "no server answers at " + url + ": start one with 'jllm serve', or name another with --url", e);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("the API key has characters that HTTP does not allow", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while waiting for " + url, e);
        }
    }

    private JsonNode answer(HttpResponse<String> response) {
        JsonNode body;
        try {
            body = new ObjectMapper().readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new UnavailableException(url + " is no server of jllm: its answer is no JSON", e);
        }
        if (response.statusCode() != OK) {
            String message = body.path("error").path("message").asText("");
            throw new UnavailableException(
                    url + " answers " + response.statusCode() + (message.isEmpty() ? "" : ": " + message));
        }
        if (!body.path("models").isArray()) {
            throw new UnavailableException(url + " is no server of jllm that knows /api/ps");
        }
        return body;
    }
}
