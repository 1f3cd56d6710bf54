package org.jllm.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.jspecify.annotations.Nullable;

/** A server with its models. {@link #close()} lets running requests finish, as long as the configuration allows. */
public final class Server implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Server.class.getName());

    /** How long cancelled answers have to end. */
    private static final Duration CANCEL = Duration.ofSeconds(2);

    /** How long the end waits for a model that is just being loaded, which cannot be interrupted. */
    private static final Duration LOADING = Duration.ofSeconds(10);

    private final ServerConfig config;
    private final ModelPool models;
    private final HttpServer http;
    private final ScheduledExecutorService timer;

    private Server(ServerConfig config, ModelPool models, HttpServer http, ScheduledExecutorService timer) {
        this.config = config;
        this.models = models;
        this.http = http;
        this.timer = timer;
    }

    /**
     * Starts a server.
     *
     * @param names models to offer; none: the whole catalogue
     * @param options how to load them
     * @param memoryBytes that the loaded models may take together
     * @param keepAlive how long a model stays in memory that nobody uses; null: for ever
     * @throws org.jllm.api.JllmException if a name stands for no model, or the address cannot be used
     */
    public static Server start(
            ServerConfig config,
            Jllm jllm,
            List<String> names,
            LoadOptions options,
            long memoryBytes,
            @Nullable Duration keepAlive) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "jllm-keep-alive");
            thread.setDaemon(true);
            return thread;
        });
        try {
            ModelPool models = new ModelPool(
                    OfferedModels.of(jllm, names, Instant.now().getEpochSecond()),
                    loader(jllm, options),
                    memoryBytes,
                    keepAlive,
                    System::nanoTime,
                    (delay, task) -> timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
            return new Server(config, models, HttpServer.start(config, models), timer);
        } catch (RuntimeException e) {
            timer.shutdownNow();
            throw e;
        }
    }

    private static ModelPool.Loader loader(Jllm jllm, LoadOptions options) {
        return new ModelPool.Loader() {
            @Override
            public ServedModel.Kind kind(String source) {
                return jllm.isEmbedder(source, options) ? ServedModel.Kind.VECTORS : ServedModel.Kind.TEXTS;
            }

            @Override
            public ServedModel load(String source, ServedModel.Kind kind) {
                return kind == ServedModel.Kind.VECTORS
                        ? new ServedModel.Vectors(jllm.loadEmbeddingModel(source, options))
                        : new ServedModel.Texts(jllm.load(source, options));
            }

            @Override
            public long bytes(String source) {
                return jllm.memory(source, options).weights();
            }
        };
    }

    /** Where it listens, for a browser or a client. */
    public String address() {
        String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
        return "http://" + host + ":" + http.port();
    }

    /** The ids of the models that it offers. */
    public List<String> models() {
        return models.offered().stream().map(ModelHost.Offered::id).toList();
    }

    @Override
    public void close() {
        http.drain();
        models.shutDown();
        timer.shutdownNow();
        Thread closing = new Thread(models::close, "jllm-drain");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(Math.max(1, config.drain().toMillis()));
            // Again and again: a request that was just being read may begin after the others were cancelled.
            for (long end = System.nanoTime() + CANCEL.toNanos(); closing.isAlive() && System.nanoTime() < end; ) {
                http.cancelAll();
                closing.join(50);
            }
            // Ends the answers whose readers have stalled.
            http.stop();
            closing.join(LOADING.toMillis());
            if (closing.isAlive()) {
                LOGGER.log(Level.WARNING, "a model is still being loaded: its memory goes with the process");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            http.stop();
        }
    }
}
