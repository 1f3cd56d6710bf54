package org.jllm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jllm.api.CapacityException;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnavailableException;
import org.jllm.catalogue.HubOptions;
import org.jllm.catalogue.Location;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a hub on this machine that does its worst. */
class HubTest {
    private static final String ID = "org/name";
    private static final Location.Repository REPOSITORY = new Location.Repository(ID);
    private static final FileSelection MODEL = new FileSelection(FileSelection.Kind.TRANSFORMERS);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String TOKEN = "hf_secret";

    @TempDir
    Path temp;

    private LocalHub server;
    private TestRepository repository;
    private final byte[] weights = new byte[100_000];
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final PullObserver observer = new PullObserver() {
        @Override
        public void note(String line) {
            notes.add(line);
        }
    };
    private FreeSpace freeSpace = folder -> Long.MAX_VALUE;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(weights);
        repository = new TestRepository(ID)
                .with("config.json", "{\"model_type\":\"llama\"}")
                .with("tokenizer.json", "{}")
                .with("README.md", "x".repeat(6000))
                .with("pytorch_model.bin", "not wanted".repeat(1000))
                .with("model.safetensors", weights);
        server = LocalHub.start().with(repository);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HuggingFaceCache cache() {
        return new HuggingFaceCache(temp.resolve("hub"));
    }

    private Hub hub(HubOptions options) {
        return new Hub(
                new HubOptions(server.address(), null, null).orElse(options),
                cache(),
                Map.of("HOME", temp.toString()),
                new Hub.Conditions(
                        pauses::add,
                        InstantSource.fixed(NOW),
                        folder -> freeSpace.of(folder),
                        Duration.ofSeconds(1),
                        8192));
    }

    private Path pull() {
        return hub(HubOptions.none()).pull(REPOSITORY, MODEL, null, observer);
    }

    private Path pull(String token) {
        return hub(new HubOptions(null, token, null)).pull(REPOSITORY, MODEL, null, observer);
    }

    private void assertIntact(Path snapshot) {
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(snapshot.resolve("config.json")).hasContent("{\"model_type\":\"llama\"}");
        assertThat(unfinished()).isEmpty();
    }

    /** What is under a final name has the content that the name says. */
    private void assertNothingCorrupt() throws IOException {
        Path blobs = cache().folder(ID).resolve("blobs");
        if (!Files.exists(blobs)) {
            return;
        }
        try (Stream<Path> files = Files.list(blobs)) {
            for (Path blob : files.filter(file -> !file.toString().endsWith(PartialBlob.SUFFIX))
                    .toList()) {
                assertThat(TestRepository.Content.of(Files.readAllBytes(blob)).etag())
                        .isEqualTo(blob.getFileName().toString());
            }
        }
    }

    private List<Path> unfinished() {
        try (Stream<Path> files = Files.walk(temp)) {
            return files.filter(file -> file.toString().endsWith(PartialBlob.SUFFIX)
                            || file.toString().endsWith(HuggingFaceCache.TEMPORARY))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private long storageRequests() {
        return server.requests.stream().filter(LocalHub.Request::stored).count();
    }

    @Test
    void aPullHasTheLayoutOfHuggingFaceHub() throws IOException {
        Path snapshot = pull();
        assertIntact(snapshot);
        Path folder = temp.resolve("hub/models--org--name");
        assertThat(snapshot).isEqualTo(folder.resolve("snapshots").resolve(repository.commit()));
        assertThat(folder.resolve("refs/main")).hasContent(repository.commit());
        String etag = repository.files().get("model.safetensors").etag();
        assertThat(Files.readSymbolicLink(snapshot.resolve("model.safetensors")))
                .isEqualTo(Path.of("../../blobs/" + etag));
        assertThat(folder.resolve("blobs").resolve(etag)).isRegularFile();
        assertThat(temp.resolve("hub/.locks/models--org--name/" + etag + ".lock"))
                .exists();
        try (Stream<Path> files = Files.list(snapshot)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "tokenizer.json", "model.safetensors");
        }
    }

    @Test
    void rangesComeBesideEachOther() {
        pull();
        assertThat(server.requests.stream().filter(LocalHub.Request::stored).map(LocalHub.Request::range))
                .hasSize(13)
                .contains("bytes=0-8191", "bytes=98304-99999");
    }

    @Test
    void whatIsThereIsNotDownloadedAgain() {
        pull();
        server.requests.clear();
        assertIntact(pull());
        assertThat(server.requests)
                .extracting(LocalHub.Request::path)
                .containsExactly("/api/models/org/name/revision/main");
    }

    @Test
    void aNewCommitBringsOnlyWhatHasChanged() {
        Path old = pull();
        server.requests.clear();
        repository.with("config.json", "{\"model_type\":\"mistral\"}");
        Path snapshot = pull();
        assertThat(snapshot).isNotEqualTo(old);
        assertThat(snapshot.resolve("config.json")).hasContent("{\"model_type\":\"mistral\"}");
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void aRevisionIsPinned() {
        repository.branch("v1.0").branch("pr/1");
        Hub hub = hub(HubOptions.none());
        Path snapshot = hub.pull(new Location.Repository(ID, "v1.0"), MODEL, null, observer);
        assertThat(cache().find(new Location.Repository(ID, "v1.0"))).contains(snapshot);
        assertThat(cache().find(REPOSITORY)).isEmpty();
        hub.pull(new Location.Repository(ID, "pr/1"), MODEL, null, observer);
        assertThat(cache().find(new Location.Repository(ID, "pr/1"))).contains(snapshot);
        hub.pull(new Location.Repository(ID, repository.commit()), MODEL, null, observer);
        assertThat(temp.resolve("hub/models--org--name/refs/" + repository.commit()))
                .doesNotExist();
        assertThatThrownBy(() -> hub.pull(new Location.Repository(ID, "v2"), MODEL, null, observer))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("no revision 'v2'");
    }

    @Test
    void cutConnectionsGoOnWhereTheyWere() {
        server.storageFault(5, LocalHub.cut(3000));
        assertIntact(pull());
        assertThat(pauses).hasSize(5);
        assertThat(server.requests)
                .filteredOn(LocalHub.Request::stored)
                .extracting(LocalHub.Request::range)
                .filteredOn(range -> Integer.parseInt(range.replaceAll("bytes=|-.*", "")) % 8192 == 3000)
                .hasSize(5);
    }

    @Test
    void theNextPullEndsWhatOneHasBegun() throws IOException {
        server.storageFault(3, (exchange, content) -> false).storageFault(1000, LocalHub.status(503));
        assertThatThrownBy(this::pull)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("download model.safetensors of org/name after 6 attempts")
                .hasMessageContaining("503");
        assertNothingCorrupt();
        assertThat(cache().folder(ID).resolve("refs/main")).doesNotExist();
        assertThat(unfinished()).hasSize(1);
        server.close();
        server = LocalHub.start().with(repository);
        assertIntact(pull());
        // Three of thirteen parts, or what of them had come, are not asked for again.
        assertThat(storageRequests()).isLessThanOrEqualTo(13);
    }

    @Test
    void aStalledBodyIsGivenUpAndAskedForAgain() {
        server.storageFault(1, server.stall(100));
        assertIntact(pull());
        assertThat(server.requests)
                .filteredOn(LocalHub.Request::stored)
                .extracting(LocalHub.Request::range)
                .anyMatch(range -> range.matches("bytes=\\d*100-\\d+|bytes=\\d+-\\d+"));
        assertThat(pauses).hasSize(1);
    }

    @Test
    void contentThatIsNotWhatItsHashSaysIsNeverKept() throws IOException {
        server.storageFault(1000, LocalHub.otherBytes());
        assertThatThrownBy(this::pull)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("model.safetensors came with other content than its hash says, 3 times")
                .hasMessageContaining("nothing of it was kept");
        assertNothingCorrupt();
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void aSmallFileIsCheckedToo() throws IOException {
        server.fault("config.json", 1, LocalHub.otherBytes());
        assertIntact(pull());
        assertThat(notes).anyMatch(note -> note.contains("config.json came with other content"));
        assertNothingCorrupt();
    }

    @Test
    void wrongBytesOnceAreDownloadedAgain() {
        server.storageFault(1, LocalHub.otherBytes());
        assertIntact(pull());
    }

    @Test
    void contentThatChangesInMidDownloadIsBegunAnew() throws IOException {
        server.storageFault(2, (exchange, content) -> false).storageFault(1, (exchange, content) -> {
            exchange.getResponseHeaders().set("ETag", "\"another\"");
            return LocalHub.otherBytes().answers(exchange, content);
        });
        assertIntact(pull());
        assertThat(notes).anyMatch(note -> note.contains("model.safetensors has changed while it was downloaded"));
        assertNothingCorrupt();
    }

    @Test
    void anEtagThatIsNotTheListedOneIsNotFollowed() throws IOException {
        server.fault(
                "resolve/.*model.safetensors",
                1,
                LocalHub.status(
                        302, "X-Linked-Etag", "\"" + "0".repeat(64) + "\"", "Location", server.address() + "/x"));
        server.fault("^/x", 1, LocalHub.status(200));
        assertIntact(pull());
        assertThat(notes).anyMatch(note -> note.contains("model.safetensors has changed on the hub"));
    }

    @Test
    void aServerWithoutRangesIsReadFromTheBegin() {
        server.storageFault(1000, (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            return true;
        });
        assertIntact(pull());
    }

    @Test
    void aRangeThatWasNotAskedForIsNotTaken() throws IOException {
        server.storageFault(1, (exchange, content) -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 5-8/100000");
            exchange.sendResponseHeaders(206, 4);
            exchange.getResponseBody().write(content, 5, 4);
            return true;
        });
        assertIntact(pull());
        assertNothingCorrupt();
    }

    @Test
    void theTokenStaysWithTheHub() {
        assertIntact(pull(TOKEN));
        assertThat(server.requests)
                .allSatisfy(request ->
                        assertThat(request.authorization()).isEqualTo(request.stored() ? "null" : "Bearer " + TOKEN));
        assertThat(storageRequests()).isPositive();
    }

    @Test
    void aRedirectOnTheHubItselfKeepsTheToken() {
        server.fault("revision/main", 1, LocalHub.status(307, "Location", "/api/models/org/name/revision/main"));
        assertIntact(pull(TOKEN));
        assertThat(server.requests.get(1).authorization()).isEqualTo("Bearer " + TOKEN);
    }

    @Test
    void redirectsInACircleEnd() {
        server.fault("revision/main", 1000, LocalHub.status(302, "Location", "/api/models/org/name/revision/main"));
        assertThatThrownBy(this::pull).isInstanceOf(UnavailableException.class).hasMessageContaining("circle");
    }

    @Test
    void aRedirectToAnotherProtocolIsNotFollowed() {
        server.fault("revision/main", 1, LocalHub.status(302, "Location", "file:///etc/passwd"));
        assertThatThrownBy(this::pull).isInstanceOf(UnavailableException.class).hasMessageContaining("not followed");
    }

    @Test
    void theTokenFileOfHuggingFaceHubIsRead() throws IOException {
        Files.writeString(
                Files.createDirectories(temp.resolve(".cache/huggingface")).resolve("token"), TOKEN + "\n");
        pull();
        assertThat(server.requests.get(0).authorization()).isEqualTo("Bearer " + TOKEN);
    }

    @Test
    void aGatedRepositorySaysWhatToAcceptAndWhere() {
        server.fault("resolve", 1000, LocalHub.status(401, "X-Error-Code", "GatedRepo"));
        assertThatThrownBy(this::pull)
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("org/name is gated: accept its conditions at " + server.address() + "/org/name")
                .hasMessageContaining("HF_TOKEN");
        server.fault("resolve", 1000, LocalHub.status(403, "X-Error-Code", "GatedRepo"));
    }

    @Test
    void aGatedRepositoryWithATokenAsksForItsAccount() {
        server.fault("resolve", 1000, LocalHub.status(403, "X-Error-Code", "GatedRepo"));
        assertThatThrownBy(() -> pull(TOKEN))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("with the account of your token")
                .hasMessageNotContaining(TOKEN);
        assertThat(pauses).isEmpty();
    }

    @Test
    void aRefusedTokenIsToldWithoutShowingIt() {
        server.fault("revision", 1000, LocalHub.status(401, "X-Error-Message", "Invalid credentials"));
        assertThatThrownBy(() -> pull(TOKEN))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("the hub refuses your token")
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void aRepositoryThatDoesNotExistIsToldAtOnce() {
        assertThatThrownBy(() ->
                        hub(HubOptions.none()).pull(new Location.Repository("org/missing"), MODEL, null, observer))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("no repository org/missing at " + server.address());
        assertThat(pauses).isEmpty();
        assertThat(cache().folder("org/missing")).doesNotExist();
    }

    @Test
    void aFileThatIsGoneIsToldAtOnce() {
        server.fault("resolve/.*config.json", 1000, LocalHub.status(404, "X-Error-Code", "EntryNotFound"));
        assertThatThrownBy(this::pull)
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("config.json of org/name");
        assertThat(pauses).isEmpty();
    }

    @Test
    void tooManyRequestsWaitAsLongAsTheHubSays() {
        server.fault("revision", 1, LocalHub.status(429, "Retry-After", "17"));
        assertIntact(pull());
        assertThat(pauses).containsExactly(Duration.ofSeconds(17));
        assertThat(notes).anyMatch(note -> note.contains("too many requests") && note.contains("next try in 17.0 s"));
    }

    @Test
    void theTimeToWaitMayBeADate() {
        server.fault("revision", 1, LocalHub.status(503, "Retry-After", "Thu, 01 Jan 2026 00:00:40 GMT"));
        assertIntact(pull());
        assertThat(pauses).containsExactly(Duration.ofSeconds(40));
    }

    @Test
    void aWaitOfHoursIsNotWaited() {
        server.fault("revision", 1, LocalHub.status(429, "Retry-After", "7200"));
        assertThatThrownBy(this::pull).isInstanceOf(UnavailableException.class).hasMessageContaining("7200 s");
        assertThat(pauses).isEmpty();
    }

    @Test
    void waitsGrow() {
        server.fault("revision", 1000, LocalHub.status(503));
        assertThatThrownBy(this::pull)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("after 6 attempts");
        assertThat(pauses).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(pauses.get(i).toMillis()).isBetween(500L << i, (long) ((500L << i) * 1.5));
        }
    }

    @Test
    void aMirrorThatListsNamesOnlyIsAskedForEachHash() throws IOException {
        server.withoutHashes();
        assertIntact(pull(TOKEN));
        assertThat(server.requests)
                .filteredOn(request -> request.method().equals("HEAD"))
                .hasSize(3)
                .noneMatch(LocalHub.Request::stored);
        assertNothingCorrupt();
    }

    @Test
    void aHubThatIsNotThereIsToldAfterSomeTries() {
        server.close();
        assertThatThrownBy(this::pull)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("cannot ask the hub for org/name")
                .hasMessageContaining("ConnectException");
    }

    @Test
    void anAddressThatIsNoHubIsTold() {
        server.fault("revision", 1, (exchange, content) -> {
            exchange.sendResponseHeaders(200, 6);
            exchange.getResponseBody().write("<html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return true;
        });
        assertThatThrownBy(this::pull).isInstanceOf(UnavailableException.class).hasMessageContaining("HF_ENDPOINT");
    }

    @Test
    void freeSpaceIsLookedAtFirst() {
        freeSpace = folder -> 90_000;
        assertThatThrownBy(this::pull)
                .isInstanceOf(CapacityException.class)
                .hasMessageContaining("98 KiB needed, 88 KiB free")
                .hasMessageContaining("HF_HUB_CACHE");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void whatIsThereNeedsNoSpace() throws IOException {
        pull();
        freeSpace = folder -> 100;
        repository.with("config.json", "{}");
        assertThat(pull().resolve("config.json")).hasContent("{}");
    }

    @Test
    void offlineAsksNobody() {
        assertThatThrownBy(() -> hub(new HubOptions(null, null, true)).pull(REPOSITORY, MODEL, null, observer))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("org/name is not on this machine, and downloads are off")
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(server.requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../evil.json", "/evil.json", "1_A/../../evil.json", "1_A//evil.json", "C:evil.json", "a\\b.json"
            })
    void pathsThatLeadOutOfTheCacheAreRefused(String path) throws IOException {
        repository.with(path, "{}").with("modules.json", "[]");
        try {
            pull();
        } catch (InvalidModelException e) {
            assertThat(e).hasMessageContaining("not written to this machine");
        }
        assertThat(Files.exists(temp.resolve("hub/models--org--name/snapshots/evil.json")))
                .isFalse();
        try (Stream<Path> files = Files.walk(temp)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("evil"));
        }
    }

    @Test
    void aDamagedBlobIsReplacedWithoutBeingTouched() throws IOException {
        Path snapshot = pull();
        Path blob = snapshot.resolve("model.safetensors").toRealPath();
        Path mapped = Files.createLink(temp.resolve("mapped"), blob);
        Files.write(blob, new byte[10]);
        assertIntact(pull());
        assertThat(mapped).hasBinaryContent(new byte[10]);
    }

    @Test
    void threadsShareOneDownload() throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Path>> pulls = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                pulls.add(threads.submit(() -> pull()));
            }
            for (Future<Path> each : pulls) {
                assertThat(each.get(30, TimeUnit.SECONDS).resolve("model.safetensors"))
                        .hasBinaryContent(weights);
            }
            assertIntact(pulls.get(0).get());
        } finally {
            threads.shutdownNow();
        }
        assertThat(storageRequests()).isEqualTo(13);
    }

    @Test
    void progressAddsUp() {
        server.storageFault(3, LocalHub.cut(1000));
        long[] sums = new long[3];
        List<Boolean> ends = new ArrayList<>();
        hub(HubOptions.none()).pull(REPOSITORY, MODEL, null, new PullObserver() {
            @Override
            public void begin(String id, long bytes, long present) {
                sums[0] = bytes;
                sums[1] = present;
            }

            @Override
            public void progress(long bytes) {
                sums[2] += bytes;
            }

            @Override
            public void end(String id, boolean complete) {
                ends.add(complete);
            }
        });
        assertThat(sums[1]).isZero();
        assertThat(sums[2]).isEqualTo(sums[0]);
        assertThat(ends).containsExactly(true);
    }
}
