package org.jllm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnavailableException;
import org.jllm.catalogue.Location;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadedModelsTest {
    private static final String OLD = "a".repeat(40);
    private static final String NEW = "b".repeat(40);

    @TempDir
    Path temp;

    private HuggingFaceCache cache;
    private DownloadedModels models;
    private Path folder;

    @BeforeEach
    void fill() throws IOException {
        cache = new HuggingFaceCache(temp);
        models = new DownloadedModels(cache);
        folder = cache.folder("org/name");
        Files.createDirectories(folder.resolve("refs"));
        blob("shared", 1000);
        blob("old", 100);
        blob("new", 10);
        link(OLD, "config.json", "shared");
        link(OLD, "model.safetensors", "old");
        link(NEW, "config.json", "shared");
        link(NEW, "model.safetensors", "new");
        Files.writeString(folder.resolve("refs/main"), NEW);
        for (Path file : list(folder.resolve("blobs"))) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        }
    }

    private void blob(String name, int size) throws IOException {
        Files.createDirectories(folder.resolve("blobs"));
        Files.write(folder.resolve("blobs").resolve(name), new byte[size]);
    }

    private void link(String commit, String name, String blob) throws IOException {
        Path snapshot = Files.createDirectories(folder.resolve("snapshots").resolve(commit));
        Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs/" + blob));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private List<String> blobs() throws IOException {
        return list(folder.resolve("blobs")).stream()
                .map(file -> file.getFileName().toString())
                .sorted()
                .toList();
    }

    @Test
    void sizesCountEachContentOnce() throws IOException {
        try (PartialBlob partial = new PartialBlob(folder.resolve("blobs/x" + PartialBlob.SUFFIX), 1 << 30, 1 << 20)) {
            partial.append(3, java.nio.ByteBuffer.wrap(new byte[500]));
        }
        DownloadedModels.Repository repository = models.find("org/name").orElseThrow();
        assertThat(repository.unfinishedBytes()).isEqualTo(500);
        assertThat(repository.bytes()).isEqualTo(1000 + 100 + 10 + 40 + 500);
        assertThat(repository.commits()).containsExactly(OLD, NEW);
        assertThat(models.all()).containsExactly(repository);
        assertThat(models.find("org/other")).isEmpty();
    }

    @Test
    void pruningLeavesWhatABranchIsAt() throws IOException {
        blob("begun" + PartialBlob.SUFFIX, 50);
        blob("just-written-by-another-program", 50);
        DownloadedModels.Removed told = models.prune(true);
        assertThat(blobs()).hasSize(5);
        DownloadedModels.Removed removed = models.prune(false);
        assertThat(removed).isEqualTo(told);
        assertThat(removed.bytes()).isEqualTo(150);
        assertThat(blobs()).containsExactly("just-written-by-another-program", "new", "shared");
        assertThat(folder.resolve("snapshots/" + OLD)).doesNotExist();
        assertThat(folder.resolve("snapshots/" + NEW + "/model.safetensors")).isRegularFile();
        assertThat(models.prune(false).files()).isEmpty();
    }

    @Test
    void aRevisionGoesWithoutTheOthers() throws IOException {
        models.remove(new Location.Repository("org/name", OLD));
        assertThat(blobs()).containsExactly("new", "shared");
        assertThat(folder.resolve("snapshots/" + OLD)).doesNotExist();
        assertThat(folder.resolve("refs/main")).exists();
        assertThatThrownBy(() -> models.remove(new Location.Repository("org/name", "v9")))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("org/name@v9");
    }

    @Test
    void aRepositoryGoesWhole() throws IOException {
        assertThat(models.remove(new Location.Repository("org/name")).bytes()).isEqualTo(1150);
        assertThat(Files.exists(folder, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThatThrownBy(() -> models.remove(new Location.Repository("org/name")))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("nothing of org/name is on this machine");
    }

    @Test
    void whatIsBeingDownloadedStays() throws Exception {
        blob("begun" + PartialBlob.SUFFIX, 50);
        Thread download = new Thread(() -> {});
        try (BlobLock lock = BlobLock.acquire(cache.lock("org/name", "begun"), () -> {})) {
            Throwable[] failure = new Throwable[1];
            download = new Thread(() -> {
                try {
                    models.remove(new Location.Repository("org/name"));
                } catch (RuntimeException e) {
                    failure[0] = e;
                }
                models.prune(false);
            });
            download.start();
            download.join();
            assertThat(failure[0]).isInstanceOf(UnavailableException.class).hasMessageContaining("another process");
        }
        assertThat(blobs()).hasSize(4);
    }
}
