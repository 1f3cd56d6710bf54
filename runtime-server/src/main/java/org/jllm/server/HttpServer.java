package org.jllm.server;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jllm.api.InvalidRequestException;

/** The server: OpenAI's protocol, health and metrics behind the access rules. Safe for use by several threads. */
final class HttpServer {
    private static final int VIRTUAL_THREADS_SINCE = 21;
    /** Threads that are left for health, metrics and refusals when all requests are taken. */
    private static final int SPARE_THREADS = 32;

    private static final int IDLE_TIMEOUT_MILLIS = 60_000;
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final ServerConfig config;
    private final ModelHost models;
    private final Metrics metrics;
    private final AccessFilter access;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final Javalin javalin;

    private HttpServer(ServerConfig config, ModelHost models) {
        this.config = config;
        this.models = models;
        metrics = new Metrics(models);
        access = new AccessFilter(config);
        javalin = Javalin.create(this::configure);
    }

    /**
     * Starts to listen.
     *
     * @throws InvalidRequestException if the address cannot be used
     */
    static HttpServer start(ServerConfig config, ModelHost models) {
        HttpServer server = new HttpServer(config, models);
        try {
            server.javalin.start(config.host(), config.port());
        } catch (JavalinBindException e) {
            server.javalin.stop();
            throw new InvalidRequestException(
                    "cannot listen on " + config.host() + ":" + config.port()
                            + ": it is in use or not allowed; --port chooses another",
                    e);
        }
        return server;
    }

    private void configure(JavalinConfig javalinConfig) {
        javalinConfig.startup.showJavalinBanner = false;
        javalinConfig.startup.showOldJavalinVersionWarning = false;
        javalinConfig.startup.startupWatcherEnabled = false;
        javalinConfig.http.maxRequestSize = config.maxBodyBytes();
        RequestLimits limits =
                RequestLimits.of(config.maxBodyBytes(), RequestLimits.defaults().requests());
        if (Runtime.version().feature() >= VIRTUAL_THREADS_SINCE) {
            javalinConfig.concurrency.useVirtualThreads = true;
        } else {
            javalinConfig.jetty.threadPool = new QueuedThreadPool(limits.requests() + SPARE_THREADS, SPARE_THREADS / 4);
        }
        javalinConfig.jetty.modifyServer(server -> server.setErrorHandler(new HttpErrors()));
        javalinConfig.jetty.modifyServletContextHandler(handler -> handler.setErrorHandler(new HttpErrors()));
        javalinConfig.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setIdleTimeout(IDLE_TIMEOUT_MILLIS);
        });
        javalinConfig.routes.before(this::admit);
        javalinConfig.routes.get("/", context -> context.json(Map.of("name", "jllm", "models", "/v1/models")));
        javalinConfig.routes.get("/health", this::health);
        javalinConfig.routes.get(
                "/api/ps", context -> OpenAiRoutes.json(context, 200, ResidentList.of(models.residents())));
        javalinConfig.routes.get(
                "/metrics", context -> context.contentType(METRICS_TYPE).result(metrics.scrape()));
        new OpenAiRoutes(models, limits, config.requestTimeout(), metrics, metrics).register(javalinConfig);
    }

    private void admit(Context context) {
        if (!access.admit(context)) {
            context.skipRemainingHandlers();
            return;
        }
        RequestBody.checkLength(context, config.maxBodyBytes());
        if (draining.get() && !context.path().equals("/health")) {
            throw new ApiException(503, "the server is being shut down", null, "unavailable");
        }
    }

    private void health(Context context) {
        context.status(draining.get() ? 503 : 200);
        context.json(Map.of("status", draining.get() ? "shutting down" : "ok"));
    }

    int port() {
        return javalin.port();
    }

    /** Takes no more requests; those that run go on. */
    void drain() {
        draining.set(true);
    }

    /** Cancels what still runs. */
    void cancelAll() {
        models.loaded().forEach(ServedModel::cancelAll);
    }

    void stop() {
        javalin.stop();
    }
}
