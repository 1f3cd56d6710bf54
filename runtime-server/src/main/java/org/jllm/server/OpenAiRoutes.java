package org.jllm.server;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.eclipse.jetty.http.UriCompliance;
import org.jllm.api.CapacityException;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
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

    /** @param deadline how long a generation may take; null: as long as it needs */
    OpenAiRoutes(ModelHost models, RequestLimits limits, @Nullable Duration deadline, GenerationMeter meter) {
        this.models = models;
        this.limits = limits;
        this.deadline = deadline;
        this.meter = meter;
    }

    /** Adds the routes and what turns exceptions into replies. */
    void register(JavalinConfig config) {
        config.http.prefer405over404 = true;
        // The slash in a model's id may be written %2F.
        config.jetty.modifyHttpConfiguration(http -> http.setUriCompliance(
                UriCompliance.DEFAULT.with("encoded-slash", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR)));
        config.jetty.modifyServletContextHandler(
                handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
        config.routes.post("/v1/chat/completions", this::chat);
        config.routes.post("/v1/completions", this::complete);
        config.routes.get("/v1/models", context -> json(context, 200, ModelList.of(models.offered())));
        config.routes.get("/v1/models/<id>", context -> {
            String id = context.pathParam("id");
            json(context, 200, ModelList.entry(models.find(id).orElseThrow(() -> notFound(id))));
        });
        TokenRoutes tokens = new TokenRoutes(this, limits);
        config.routes.post("/tokenize", tokens::tokenize);
        config.routes.post("/detokenize", tokens::detokenize);
        config.routes.exception(HttpResponseException.class, (error, context) -> fail(context, httpError(error)));
        config.routes.exception(Exception.class, (error, context) -> fail(context, error));
        config.router.javaLangErrorHandler((response, error) -> {
            LOGGER.log(Level.ERROR, "a request failed", error);
            response.setStatus(500);
        });
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
        try (Generations generations = Generations.start(offered(reply.model()), model, requests, meter)) {
            Answer answer = new Answer(context, generations, format);
            if (reply.stream()) {
                answer.stream(reply.n(), reply.includeUsage());
            } else {
                answer.whole(reply.n());
            }
        }
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

    private String offered(String model) {
        return models.find(model).map(ModelHost.Offered::id).orElse(model);
    }

    /** The lease of a model that a request names. */
    ModelHost.Lease acquire(String model) {
        if (models.find(model).isEmpty()) {
            throw notFound(model);
        }
        try {
            return models.acquire(model);
        } catch (CapacityException e) {
            // Unlike a prompt that is too long it may fit later.
            throw new ApiException(503, String.valueOf(e.getMessage()), "model", "unavailable");
        }
    }

    private static ModelNotFoundException notFound(String model) {
        return new ModelNotFoundException(
                "the model '" + Json.bounded(model) + "' is not offered: GET /v1/models lists those that are");
    }

    /** The fields of a request's body. */
    static Fields body(Context context) {
        String type = Objects.requireNonNullElse(context.contentType(), "").toLowerCase(Locale.ROOT);
        if (!type.matches("application/json\\s*(;\\s*(charset\\s*=\\s*\"?utf-8\"?\\s*)?)?")) {
            throw new ApiException(415, "the Content-Type must be application/json in UTF-8", null, null);
        }
        return new Fields(Json.object(context.bodyAsBytes()), "");
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
