package org.jllm.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A hub on this machine that speaks the real one's protocol: listings, small files with git's hash as their ETag, large
 * ones by a redirect to another port as they come from a storage host. It does wrong what a test asks for.
 */
public final class LocalHub implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern INFO = Pattern.compile("/api/models/([^/]+/[^/]+)(?:/(revision|tree)/([^/]+))?");
    private static final Pattern FILE = Pattern.compile("/([^/]+/[^/]+)/resolve/([^/]+)/(.+)");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    private final Map<String, TestRepository> repositories = new ConcurrentHashMap<>();
    private final Map<String, byte[]> storage = new ConcurrentHashMap<>();
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private volatile boolean namesOnly;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final HttpServer hub;
    private final HttpServer host;

    /** Every request that came. */
    final List<Request> requests = new CopyOnWriteArrayList<>();

    /** A request as it came to the hub or, {@code stored}, to its storage host. */
    record Request(boolean stored, String method, String path, String authorization, String range) {}

    /** What is done instead of an answer, or to it. */
    @FunctionalInterface
    interface Wrong {
        /** Whether the exchange is answered by it; else it is answered well. */
        boolean answers(HttpExchange exchange, @Nullable byte[] content) throws IOException;
    }

    private record Fault(Pattern path, boolean stored, AtomicInteger left, Wrong wrong) {}

    private LocalHub(int port) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        hub = HttpServer.create(new InetSocketAddress(here, port), 0);
        host = HttpServer.create(new InetSocketAddress(here, 0), 0);
        serve(hub, false);
        serve(host, true);
    }

    private void serve(HttpServer server, boolean stored) {
        server.createContext("/", exchange -> handle(exchange, stored));
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "local-hub");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    /** A hub at any free port. */
    public static LocalHub start() throws IOException {
        return new LocalHub(0);
    }

    static LocalHub start(int port) throws IOException {
        return new LocalHub(port);
    }

    /** For {@code HF_ENDPOINT}. */
    public String address() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    /** Offers a repository, in place of one that had its name. */
    LocalHub with(TestRepository repository) {
        repositories.put(repository.id(), repository);
        repository.files().values().stream()
                .filter(TestRepository.Content::large)
                .forEach(content -> storage.put(content.etag(), content.bytes()));
        return this;
    }

    /** Lists files by name only from now on, as some mirrors do. */
    LocalHub withoutHashes() {
        namesOnly = true;
        return this;
    }

    /** Offers the files of a folder as a repository. */
    public LocalHub offer(String id, Path folder) throws IOException {
        return with(TestRepository.of(id, folder));
    }

    /** Cuts so many connections to the storage host, each after so many bytes. */
    public LocalHub cutting(int times, int bytes) {
        return storageFault(times, cut(bytes));
    }

    /** Does wrong, so many times, with requests to the hub whose path has this. */
    LocalHub fault(String path, int times, Wrong wrong) {
        faults.add(new Fault(Pattern.compile(path), false, new AtomicInteger(times), wrong));
        return this;
    }

    /** Does wrong, so many times, with requests to the storage host. */
    LocalHub storageFault(int times, Wrong wrong) {
        faults.add(new Fault(Pattern.compile("."), true, new AtomicInteger(times), wrong));
        return this;
    }

    /** Answers with a status and headers. */
    static Wrong status(int status, String... headers) {
        return (exchange, content) -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
            return true;
        };
    }

    /** Sends so many bytes of the content and cuts the connection. */
    static Wrong cut(int bytes) {
        return (exchange, content) -> {
            Slice slice = Slice.of(exchange, content == null ? new byte[0] : content);
            slice.headers(exchange);
            OutputStream body = exchange.getResponseBody();
            body.write(slice.content(), slice.from(), Math.min(bytes, slice.count()));
            body.flush();
            throw new IOException("cut");
        };
    }

    /** Sends so many bytes of the content and then nothing, as long as the hub runs. */
    Wrong stall(int bytes) {
        return (exchange, content) -> {
            Slice slice = Slice.of(exchange, content == null ? new byte[0] : content);
            slice.headers(exchange);
            OutputStream body = exchange.getResponseBody();
            body.write(slice.content(), slice.from(), Math.min(bytes, slice.count()));
            body.flush();
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("stalled");
        };
    }

    /** Sends other bytes of the same number. */
    static Wrong otherBytes() {
        return (exchange, content) -> {
            byte[] wrong = content == null ? new byte[0] : content.clone();
            for (int i = 0; i < wrong.length; i += 100) {
                wrong[i] ^= 1;
            }
            Slice.of(exchange, wrong).send(exchange);
            return true;
        };
    }

    private void handle(HttpExchange exchange, boolean stored) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        requests.add(new Request(
                stored,
                exchange.getRequestMethod(),
                path,
                authorization,
                String.valueOf(exchange.getRequestHeaders().getFirst("Range"))));
        try {
            byte[] content = stored ? storage.get(path.substring(1)) : content(path);
            for (Fault fault : faults) {
                if (fault.stored() == stored
                        && fault.path().matcher(path).find()
                        && fault.left().getAndDecrement() > 0) {
                    if (fault.wrong().answers(exchange, content)) {
                        return;
                    }
                    break;
                }
            }
            if (stored) {
                exchange.getResponseHeaders().set("ETag", "\"storage-" + path.substring(1, 9) + "\"");
                respond(exchange, content);
            } else {
                answer(exchange, path);
            }
        } catch (IOException | UncheckedIOException e) {
            // Cut: the connection is closed before all bytes were sent.
        } finally {
            exchange.close();
        }
    }

    private byte @Nullable [] content(String path) {
        Matcher file = FILE.matcher(path);
        TestRepository repository = file.matches() ? repositories.get(file.group(1)) : null;
        TestRepository.Content content =
                repository == null ? null : repository.files().get(decoded(file.group(3)));
        return content == null ? null : content.bytes();
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        Matcher info = INFO.matcher(path);
        Matcher file = FILE.matcher(path);
        boolean isInfo = info.matches();
        TestRepository repository =
                isInfo ? repositories.get(info.group(1)) : file.matches() ? repositories.get(file.group(1)) : null;
        if (repository == null) {
            status(401, "X-Error-Code", "RepoNotFound").answers(exchange, null);
            return;
        }
        String revision = isInfo ? (info.group(3) == null ? "main" : decoded(info.group(3))) : file.group(2);
        if (!repository.has(revision)) {
            status(404, "X-Error-Code", "RevisionNotFound").answers(exchange, null);
        } else if (isInfo) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            respond(
                    exchange,
                    MAPPER.writeValueAsBytes("tree".equals(info.group(2)) ? tree(repository) : info(repository)));
        } else {
            file(exchange, repository, decoded(file.group(3)));
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private void file(HttpExchange exchange, TestRepository repository, String path) throws IOException {
        exchange.getResponseHeaders().set("X-Repo-Commit", repository.commit());
        TestRepository.Content content = repository.files().get(path);
        if (content == null) {
            status(404, "X-Error-Code", "EntryNotFound").answers(exchange, null);
        } else if (content.large()) {
            status(
                            302,
                            "X-Linked-Etag",
                            "\"" + content.etag() + "\"",
                            "X-Linked-Size",
                            String.valueOf(content.bytes().length),
                            "Location",
                            "http://127.0.0.1:" + host.getAddress().getPort() + "/" + content.etag())
                    .answers(exchange, null);
        } else {
            exchange.getResponseHeaders().set("ETag", "\"" + content.etag() + "\"");
            respond(exchange, content.bytes());
        }
    }

    private static void respond(HttpExchange exchange, byte @Nullable [] content) throws IOException {
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            Slice.of(exchange, content).send(exchange);
        }
    }

    private ObjectNode info(TestRepository repository) {
        ObjectNode info = MAPPER.createObjectNode()
                .put("_id", "1")
                .put("id", repository.id())
                .put("sha", repository.commit())
                .put("private", false);
        info.putObject("cardData").put("license", "test-license");
        ArrayNode siblings = info.putArray("siblings");
        new TreeMap<>(repository.files()).forEach((path, content) -> {
            ObjectNode file = siblings.addObject().put("rfilename", path);
            if (!namesOnly) {
                describe(file, content, "blobId", "sha256");
            }
        });
        return info;
    }

    private static ArrayNode tree(TestRepository repository) {
        ArrayNode tree = MAPPER.createArrayNode();
        new TreeMap<>(repository.files()).forEach((path, content) -> {
            ObjectNode file = tree.addObject().put("type", "file").put("path", path);
            describe(file, content, "oid", "oid");
        });
        return tree;
    }

    private static void describe(ObjectNode file, TestRepository.Content content, String blob, String sha256) {
        file.put("size", content.bytes().length);
        file.put(blob, content.blobId());
        if (content.large()) {
            file.putObject("lfs")
                    .put(sha256, content.etag())
                    .put("size", content.bytes().length)
                    .put("pointerSize", 134);
        }
    }

    /** The part of a content that a request wants. */
    private record Slice(byte[] content, int from, int count, boolean partial) {
        static Slice of(HttpExchange exchange, byte[] content) {
            Matcher range =
                    RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
            if (!range.matches()) {
                return new Slice(content, 0, content.length, false);
            }
            int from = Integer.parseInt(range.group(1));
            int last = range.group(2).isEmpty() ? content.length - 1 : Integer.parseInt(range.group(2));
            return new Slice(content, from, Math.min(last, content.length - 1) - from + 1, true);
        }

        void headers(HttpExchange exchange) throws IOException {
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            if (partial) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (from + count - 1) + "/" + content.length);
            }
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(count));
                exchange.sendResponseHeaders(partial ? 206 : 200, -1);
            } else {
                exchange.sendResponseHeaders(partial ? 206 : 200, count == 0 ? -1 : count);
            }
        }

        void send(HttpExchange exchange) throws IOException {
            headers(exchange);
            if (!exchange.getRequestMethod().equals("HEAD") && count > 0) {
                exchange.getResponseBody().write(content, from, count);
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
        hub.stop(0);
        host.stop(0);
    }
}
