package org.jllm.server;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.eclipse.jetty.http.UriCompliance;
import org.jllm.api.CapacityException;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.LanguageModel;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.OverloadedException;
import org.jllm.api.Prompt;
import org.jllm.api.PromptScoring;
import org.jllm.api.UnavailableException;
import org.jspecify.annotations.Nullable;

/** The endpoints of OpenAI's protocol, and its errors for all endpoints. */
final class OpenAiRoutes {
    /** The attribute of a request that says whom it is for; without it, the remote address does. */
    static final String CLIENT = "jllm.client";

    private static final Logger LOGGER = System.getLogger(OpenAiRoutes.class.getName());

    private final ModelHost models;
    private final RequestLimits limits;
    private final @Nullable Duration deadline;
    private final GenerationMeter meter;
    private final EmbeddingMeter embeddingMeter;
    private final Semaphore places;

    /** @param deadline how long a generation may take; null: as long as it needs */
    OpenAiRoutes(
            ModelHost models,
            RequestLimits limits,
            @Nullable Duration deadline,
            GenerationMeter meter,
            EmbeddingMeter embeddingMeter) {
        this.models = models;
        this.limits = limits;
        this.deadline = deadline;
        this.meter = meter;
        this.embeddingMeter = embeddingMeter;
        places = new Semaphore(limits.requests());
    }

    /** Adds the routes and what turns exceptions into replies. */
    void register(JavalinConfig config) {
        config.http.prefer405over404 = true;
        // The slash in a model's id may be written %2F.
        config.jetty.modifyHttpConfiguration(http -> http.setUriCompliance(
                UriCompliance.DEFAULT.with("encoded-slash", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR)));
        config.jetty.modifyServletContextHandler(
                handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
        config.routes.post("/v1/chat/completions", limited(this::chat));
        config.routes.post("/v1/completions", limited(this::complete));
        config.routes.get("/v1/models", context -> json(context, 200, ModelList.of(models.offered())));
        config.routes.get("/v1/models/<id>", context -> {
            String id = context.pathParam("id");
            json(context, 200, ModelList.entry(models.find(id).orElseThrow(() -> notFound(id))));
        });
        TokenRoutes tokens = new TokenRoutes(this, limits);
        config.routes.post("/tokenize", limited(tokens::tokenize));
        config.routes.post("/detokenize", limited(tokens::detokenize));
        EmbeddingRoutes embeddings = new EmbeddingRoutes(this, limits, deadline, embeddingMeter);
        config.routes.post("/v1/embeddings", limited(embeddings::embed));
        config.routes.post("/rerank", limited(embeddings::rerank));
        config.routes.post("/v1/rerank", limited(embeddings::rerank));
        config.routes.exception(HttpResponseException.class, (error, context) -> fail(context, httpError(error)));
        config.routes.exception(Exception.class, (error, context) -> fail(context, error));
        config.router.javaLangErrorHandler((response, error) -> {
            LOGGER.log(Level.ERROR, "a request failed", error);
            response.setStatus(500);
        });
    }

    /** Answers only so many requests at the same time. */
    private Handler limited(Handler route) {
        return context -> {
            if (!places.tryAcquire()) {
                throw new OverloadedException(
                        "the server answers " + limits.requests() + " requests already: try again later");
            }
            try {
                route.handle(context);
            } finally {
                places.release();
            }
        };
    }

    private void chat(Context context) {
        ChatRequest request = ChatRequest.parse(body(context), limits);
        Prompt prompt = new Prompt.Chat(request.messages());
        try (ModelHost.Lease lease = acquire(request.reply().model())) {
            LanguageModel model = lease.model();
            if (model.template().isEmpty()) {
                throw ApiException.field(
                        "model",
                        "'" + request.reply().model()
                                + "' is a base model without a chat template: use /v1/completions");
            }
            ReplyHead head = head("chatcmpl-", request.reply());
            ReplyFormat format = new ChatFormat(head, request.reply().topLogprobs() != null);
            List<GenerationRequest> requests =
                    requests(context, List.of(prompt), request.options(), request.reply(), PromptScoring.NONE);
            answer(context, request.reply(), model, requests, format);
        }
    }

    private void complete(Context context) {
        CompletionRequest request = CompletionRequest.parse(body(context), limits);
        ReplyOptions reply = request.reply();
        try (ModelHost.Lease lease = acquire(reply.model())) {
            LanguageModel model = lease.model();
            List<GenerationRequest> requests =
                    requests(context, request.prompts(), request.options(), reply, request.scoring());
            List<String> echoes = !request.echo()
                    ? List.of()
                    : requests.stream().map(each -> echo(model, each.prompt())).toList();
            ReplyFormat format = new CompletionFormat(head("cmpl-", reply), reply.topLogprobs() != null, echoes);
            answer(context, reply, model, requests, format);
        }
    }

    private static String echo(LanguageModel model, Prompt prompt) {
        return prompt instanceof Prompt.Text text ? text.text() : model.detokenize(model.tokenize(prompt));
    }

    private void answer(
            Context context,
            ReplyOptions reply,
            LanguageModel model,
            List<GenerationRequest> requests,
            ReplyFormat format) {
        ClientConnection client = new ClientConnection(context);
        if (client.isGone()) {
            return; // the model took long to load
        }
        try (Generations generations = start(reply, model, requests)) {
            Answer answer = new Answer(context, client, generations, format);
            if (reply.stream()) {
                answer.stream(reply.n(), reply.includeUsage());
            } else {
                answer.whole(reply.n());
            }
        }
    }

    /** What a model finds wrong with a request is a matter of the field that says it. */
    private Generations start(ReplyOptions reply, LanguageModel model, List<GenerationRequest> requests) {
        try {
            return Generations.start(offered(reply.model()), model, requests, meter);
        } catch (CapacityException e) {
            throw new ApiException(400, String.valueOf(e.getMessage()), prompt(requests), "context_length_exceeded");
        } catch (InvalidRequestException e) {
            String message = String.valueOf(e.getMessage());
            String param = SamplingFields.field(message);
            throw new ApiException(400, message, param != null ? param : prompt(requests), null);
        }
    }

    private static String prompt(List<GenerationRequest> requests) {
        return requests.get(0).prompt() instanceof Prompt.Chat ? "messages" : "prompt";
    }

    /** One request per choice; the choices of one prompt follow each other. */
    private List<GenerationRequest> requests(
            Context context,
            List<Prompt> prompts,
            GenerationOptions options,
            ReplyOptions reply,
            PromptScoring scoring) {
        String client = Objects.requireNonNullElse(context.<String>attribute(CLIENT), context.ip());
        Integer top = scoring == PromptScoring.NONE
                ? reply.topLogprobs()
                : Integer.valueOf(Objects.requireNonNullElse(reply.topLogprobs(), 0));
        List<GenerationRequest> requests = new ArrayList<>();
        for (Prompt prompt : prompts) {
            IntStream.range(0, reply.n())
                    .mapToObj(choice ->
                            new GenerationRequest(prompt, seeded(options, choice), top, scoring, client, deadline))
                    .forEach(requests::add);
        }
        return requests;
    }

    private static GenerationOptions seeded(GenerationOptions options, int choice) {
        Long seed = options.seed();
        GenerationOptions other = seed == null
                ? GenerationOptions.none()
                : new GenerationOptions(null, null, null, null, null, null, null, null, seed + choice, null, null);
        return other.orElse(options);
    }

    private ReplyHead head(String prefix, ReplyOptions reply) {
        return ReplyHead.of(prefix, offered(reply.model()), reply.includeUsage());
    }

    /** The id of a model that a request names. */
    String offered(String model) {
        return models.find(model).map(ModelHost.Offered::id).orElse(model);
    }

    /** The lease of a model that continues texts and that a request names. */
    ModelHost.Lease acquire(String model) {
        return acquire(model, ServedModel.Kind.TEXTS);
    }

    /** The lease of a model that a request names. */
    ModelHost.Lease acquire(String model, ServedModel.Kind kind) {
        if (models.find(model).isEmpty()) {
            throw notFound(model);
        }
        try {
            return models.acquire(model, kind);
        } catch (OverloadedException | UnavailableException e) {
            throw e;
        } catch (CapacityException e) {
            // Unlike a prompt that is too long it may fit later.
            throw new ApiException(503, publicly(e), "model", "unavailable");
        } catch (JllmException e) {
            ErrorReply reply = ErrorReply.of(e);
            throw new ApiException(
                    reply.status(), publicly(e), "model", reply.body().error().code());
        }
    }

    private String publicly(JllmException error) {
        return models.withoutPlaces(String.valueOf(error.getMessage()));
    }

    private static ModelNotFoundException notFound(String model) {
        return new ModelNotFoundException(
                "the model '" + Json.bounded(model) + "' is not offered: GET /v1/models lists those that are");
    }

    /** The fields of a request's body. */
    Fields body(Context context) {
        return new Fields(Json.object(RequestBody.read(context, limits.bodyBytes())), "");
    }

    static void json(Context context, int status, Object reply) {
        context.status(status).contentType("application/json").result(Json.bytes(reply));
    }

    private static void fail(Context context, Exception error) {
        log(error);
        ErrorReply reply = ErrorReply.of(error);
        if (error instanceof OverloadedException || error instanceof UnavailableException) {
            context.header("Retry-After", "1");
        }
        json(context, reply.status(), reply.body());
    }

    private static ApiException httpError(HttpResponseException error) {
        int status = error.getStatus();
        return switch (status) {
            case 401 -> new ApiException(401, message(error), null, "invalid_api_key");
            case 404 -> new ApiException(404, "there is no such endpoint", null, null);
            case 405 -> new ApiException(405, "the endpoint does not know this method", null, null);
            case 413 -> new ApiException(413, "the body is larger than this server accepts", null, null);
            default -> new ApiException(status, message(error), null, null);
        };
    }

    private static String message(HttpResponseException error) {
        return Objects.requireNonNullElse(error.getMessage(), "the request was refused");
    }

    /** Logs what is no fault of a request. */
    static void log(Exception error) {
        if (!(error instanceof JllmException) && !(error instanceof ApiException)) {
            LOGGER.log(Level.ERROR, "a request failed", error);
        }
    }
}
