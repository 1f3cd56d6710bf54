package org.jllm.cli;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jllm.api.InvalidRequestException;
import org.jllm.catalogue.ByteSize;
import org.jllm.machine.Machine;
import org.jllm.server.Server;
import org.jllm.server.ServerConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sun.misc.Signal;

@Command(
        name = "serve",
        description = "Answers OpenAI's protocol over HTTP; models load on first use.",
        footer = "The key may come from JLLM_API_KEY: others on this machine can read command lines.")
final class ServeCommand implements Callable<Integer> {
    private static final String FOREVER = "forever";
    private static final String KEY_VARIABLE = "JLLM_API_KEY";
    private static final int ENDED_BY_SIGNAL = 130;

    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "MODEL", arity = "0..*", description = "What to offer; by default the whole catalogue.")
    private List<String> models = List.of();

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Where to listen; by default 127.0.0.1.")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "N", description = "By default 8080; 0 takes any that is free.")
    private int port = 8080;

    @Option(names = "--api-key", paramLabel = "KEY", description = "What callers have to know.")
    private @Nullable String apiKey;

    @Option(names = "--insecure", description = "Let others than this machine call without a key.")
    private boolean insecure;

    @Option(names = "--cors", paramLabel = "ORIGIN", description = "Let web pages of this origin call; * lets all.")
    private List<String> origins = List.of();

    @Option(
            names = "--keep-alive",
            paramLabel = "TIME",
            description = "How long an unused model stays in memory: 5m (default), 0, forever.")
    private String keepAlive = "5m";

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "What the weights of all loaded models may take; by default 70%% of the machine's.")
    private @Nullable String memory;

    @Option(
            names = "--request-timeout",
            paramLabel = "TIME",
            description = "Give a request up after this; by default never.")
    private @Nullable String requestTimeout;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            description = "How long running answers may take at the end; by default 30s.")
    private String drain = "30s";

    @Mixin
    private CatalogueFlag catalogue = new CatalogueFlag();

    @Mixin
    private LoadFlags load = new LoadFlags();

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        onSignal("TERM", end);
        onSignal("INT", end);
        try (Server server = start()) {
            List<String> offered = server.models();
            console.note("Listening on " + server.address() + " ("
                    + (models.isEmpty() ? offered.size() + " models" : String.join(", ", offered)) + ")");
            end.await();
            console.note("Shutting down: running answers have " + drain + "; a second signal ends at once.");
        }
        return 0;
    }

    private Server start() {
        ServerConfig config;
        long memoryBytes;
        Duration unload;
        try {
            config = config();
            memoryBytes = memory();
            unload = keepAlive();
        } catch (InvalidRequestException e) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
        }
        return Server.start(config, catalogue.jllm(console), models, load.options(), memoryBytes, unload);
    }

    /** The first signal ends the wait; the second one ends the process. */
    private static void onSignal(String name, CountDownLatch end) {
        Signal.handle(new Signal(name), signal -> {
            if (end.getCount() == 0) {
                Runtime.getRuntime().halt(ENDED_BY_SIGNAL);
            }
            end.countDown();
        });
    }

    private ServerConfig config() {
        ServerConfig local = ServerConfig.local(port);
        String key = apiKey != null ? apiKey : System.getenv(KEY_VARIABLE);
        return new ServerConfig(
                host,
                port,
                key,
                insecure,
                origins,
                local.maxBodyBytes(),
                requestTimeout == null ? null : time("--request-timeout", requestTimeout),
                time("--drain", drain));
    }

    private @Nullable Duration keepAlive() {
        return keepAlive.equals(FOREVER) ? null : time("--keep-alive", keepAlive);
    }

    private static Duration time(String flag, String text) {
        try {
            return Durations.parse(text);
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(flag + ": " + e.getMessage(), e);
        }
    }

    private long memory() {
        return memory == null
                ? Machine.memoryBytes() / 10 * 7
                : ByteSize.parse(memory)
                        .orElseThrow(() -> new InvalidRequestException(
                                "--memory must be a size such as 12GiB, not '" + memory + "'"));
    }
}
