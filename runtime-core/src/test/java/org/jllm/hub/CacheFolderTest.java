package org.jllm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jllm.api.CapacityException;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheFolderTest {
    @TempDir
    Path temp;

    private static void writeOne(Path folder) throws IOException {
        Files.writeString(folder.resolve("one"), "1");
    }

    private static List<String> names(Path folder) throws IOException {
        try (var children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(name -> !name.equals(".lock"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void installsOnce() throws IOException {
        CacheFolder cache = new CacheFolder(temp.resolve("a/b"));
        Path first = cache.install("thing-1", 1, CacheFolderTest::writeOne);
        Path second = cache.install("thing-1", Long.MAX_VALUE, folder -> {
            throw new AssertionError("is there already");
        });
        assertThat(first).isEqualTo(second).isEqualTo(temp.resolve("a/b/thing-1"));
        assertThat(first.resolve("one")).hasContent("1");
        assertThat(names(cache.root())).containsExactly("thing-1");
    }

    @Test
    void installerThatFailsLeavesNothing() throws IOException {
        CacheFolder cache = new CacheFolder(temp);
        assertThatThrownBy(() -> cache.install("thing", 1, folder -> {
                    writeOne(folder);
                    throw new IOException("the archive\nis damaged");
                }))
                .isInstanceOf(EngineException.class)
                .hasMessage("cannot put thing into the cache folder " + temp
                        + ": the archive; JLLM_CACHE names another folder");
        assertThatThrownBy(() -> cache.install("thing", 1, folder -> {
                    writeOne(folder);
                    throw new CapacityException("own words");
                }))
                .hasMessage("own words");
        assertThat(names(temp)).isEmpty();
        cache.install("thing", 1, CacheFolderTest::writeOne);
        assertThat(names(temp)).containsExactly("thing");
    }

    @Test
    void looksAtFreeSpaceFirst() throws IOException {
        CacheFolder cache = new CacheFolder(temp, folder -> 100L << 20);
        assertThatThrownBy(() -> cache.install("thing", 450L << 20, folder -> {
                    throw new AssertionError("no room");
                }))
                .isInstanceOf(CapacityException.class)
                .hasMessage("not enough disk space for " + temp.resolve("thing")
                        + ": 450 MiB needed, 100 MiB free; free some or set JLLM_CACHE to a folder elsewhere");
        assertThat(cache.install("thing", 100L << 20, CacheFolderTest::writeOne))
                .isDirectory();
    }

    @Test
    void rootThatCannotBeAFolderIsAnError() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "");
        assertThatThrownBy(() -> new CacheFolder(file).install("thing", 1, CacheFolderTest::writeOne))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("JLLM_CACHE");
    }

    @Test
    void rootThatIsReadOnlyNamesTheVariable() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("read-only"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeTrue(!Files.isWritable(folder), "the superuser may write anywhere");
        assertThatThrownBy(() -> new CacheFolder(folder).install("thing", 1, CacheFolderTest::writeOne))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("JLLM_CACHE");
    }

    @Test
    void accessDeniedNamesTheVariable() {
        CacheFolder denied = new CacheFolder(temp, folder -> {
            throw new AccessDeniedException(folder.toString());
        });
        assertThatThrownBy(() -> denied.install("thing", 1, CacheFolderTest::writeOne))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("the cache folder " + temp + " cannot be written to: set JLLM_CACHE to a folder that can");
    }

    @Test
    void threadsShareOneInstallation() throws Exception {
        int threads = 8;
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        var executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Path>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                results.add(executor.submit(() -> {
                    start.await();
                    return new CacheFolder(temp).install("thing", 1, folder -> {
                        runs.incrementAndGet();
                        writeOne(folder);
                    });
                }));
            }
            start.countDown();
            for (Future<Path> result : results) {
                assertThat(result.get(30, TimeUnit.SECONDS).resolve("one")).hasContent("1");
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(runs).hasValue(1);
        assertThat(names(temp)).containsExactly("thing");
    }

    @Test
    void processesShareOneInstallation() throws Exception {
        Process holder = InstallingProcess.start(temp, "thing", "wait");
        try (var installing = holder.inputReader()) {
            assertThat(installing.readLine()).isEqualTo("installing");
            Process second = InstallingProcess.start(temp, "thing", "at once");
            try (var other = second.inputReader()) {
                // The second process stands before the lock or on its way to it; the first goes on now.
                holder.outputWriter().append('\n').close();
                assertThat(installing.readLine()).isEqualTo("installed");
                assertThat(other.readLine()).isEqualTo("installed");
            } finally {
                second.destroyForcibly();
            }
        } finally {
            holder.destroyForcibly();
        }
        assertThat(temp.resolve("thing/by")).hasContent("wait");
        assertThat(names(temp)).containsExactly("thing");
    }

    @Test
    void killedProcessLeavesWhatTheNextOneClears() throws Exception {
        Process killed = InstallingProcess.start(temp, "thing", "wait");
        try (var output = killed.inputReader()) {
            assertThat(output.readLine()).isEqualTo("installing");
        } finally {
            killed.destroyForcibly().waitFor();
        }
        assertThat(names(temp)).singleElement().asString().startsWith(Folders.TEMPORARY_PREFIX);
        new CacheFolder(temp).install("thing", 1, CacheFolderTest::writeOne);
        assertThat(names(temp)).containsExactly("thing");
    }

    @Test
    void damagedContentIsReplaced() throws IOException {
        CacheFolder cache = new CacheFolder(temp);
        Path folder = cache.install("thing", 1, CacheFolderTest::writeOne);
        Files.writeString(folder.resolve("one"), "2");
        Files.writeString(folder.resolve("more"), "");
        cache.install("thing", 1, path -> contentIs(path, "1"), CacheFolderTest::writeOne);
        assertThat(names(folder)).containsExactly("one");
        assertThat(folder.resolve("one")).hasContent("1");
        assertThat(names(temp)).containsExactly("thing");
    }

    private static boolean contentIs(Path folder, String content) {
        try {
            return Files.readString(folder.resolve("one")).equals(content);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void prunesOlderVersionsOnly() throws IOException {
        CacheFolder cache = new CacheFolder(temp.resolve("cache"));
        for (String name : List.of("libtorch-1", "libtorch-2", "libtorch-3", "other-1")) {
            cache.install(name, 1, CacheFolderTest::writeOne);
        }
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        writeOne(elsewhere);
        Files.createSymbolicLink(cache.root().resolve("libtorch-1/link"), elsewhere);
        cache.prune("libtorch-", "libtorch-3");
        assertThat(names(cache.root())).containsExactly("libtorch-3", "other-1");
        assertThat(elsewhere.resolve("one")).exists();
        new CacheFolder(temp.resolve("missing")).prune("libtorch-", "libtorch-3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/b", ".hidden", "ä", "a\0"})
    void namesCannotLeaveTheCache(String name) {
        assertThatThrownBy(() -> new CacheFolder(temp).install(name, 1, CacheFolderTest::writeOne))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void threadThatIsInterruptedInstallsNothing() throws IOException {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new CacheFolder(temp).install("thing", 1, CacheFolderTest::writeOne))
                .isInstanceOf(EngineException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(names(temp)).isEmpty();
    }

    @Test
    void homeIsThatOfTheEnvironment() {
        assertThat(CacheFolder.ofUser(Map.of("HOME", temp.toString(), "JLLM_CACHE", ""))
                        .root()
                        .toString())
                .startsWith(temp.toString());
        assertThat(CacheFolder.ofUser(Map.of()).root().toString()).startsWith(System.getProperty("user.home"));
    }

    @Test
    void rootFollowsThePlatform() {
        Path home = temp.resolve("home");
        String absolute = temp.resolve("xdg").toString();
        assertThat(CacheFolder.userRoot(Map.of(), "Linux", home)).isEqualTo(home.resolve(".cache/jllm"));
        assertThat(CacheFolder.userRoot(Map.of(), "Mac OS X", home)).isEqualTo(home.resolve("Library/Caches/jllm"));
        assertThat(CacheFolder.userRoot(Map.of("LOCALAPPDATA", "/local"), "Windows 11", home))
                .isEqualTo(Path.of("/local/jllm"));
        assertThat(CacheFolder.userRoot(Map.of("XDG_CACHE_HOME", absolute), "Linux", home))
                .isEqualTo(Path.of(absolute, "jllm"));
        assertThat(CacheFolder.userRoot(Map.of("XDG_CACHE_HOME", "relative"), "Linux", home))
                .isEqualTo(home.resolve(".cache/jllm"));
        assertThat(CacheFolder.userRoot(Map.of("XDG_CACHE_HOME", absolute, "JLLM_CACHE", "/own"), "Linux", home))
                .isEqualTo(Path.of("/own"));
    }
}
