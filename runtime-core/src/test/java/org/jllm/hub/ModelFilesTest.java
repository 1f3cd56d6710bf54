package org.jllm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jllm.api.ModelNotFoundException;
import org.jllm.catalogue.Catalogue;
import org.jllm.catalogue.Location;
import org.jllm.catalogue.ModelSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    Path temp;

    private ModelFiles files;

    @BeforeEach
    void open() {
        files = ModelFiles.of(Map.of("JLLM_CACHE", temp.resolve("cache").toString(), "HF_HOME", temp.toString()));
    }

    private static ModelSource source(Location location) {
        return new ModelSource("x", null, location, "transformers");
    }

    private Path snapshot(String ref) throws IOException {
        Path repository = temp.resolve("hub/models--org--name");
        Path snapshot = Files.createDirectories(repository.resolve("snapshots/" + COMMIT));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), ref);
        Path blob = Files.writeString(
                Files.createDirectories(repository.resolve("blobs")).resolve("b"), "{}");
        Files.createSymbolicLink(snapshot.resolve("config.json"), blob);
        return snapshot;
    }

    @Test
    void embeddedModelIsUnpacked() {
        ModelSource demo = Catalogue.load().resolve("demo");
        assertThat(files.state(demo.location())).isEqualTo(ModelFiles.State.EMBEDDED);
        assertThat(files.locate(demo).resolve("config.json")).isRegularFile();
    }

    @Test
    void foldersAndFilesAreWhereTheyAre() {
        assertThat(files.locate(source(new Location.Folder(temp)))).isEqualTo(temp);
        assertThat(files.locate(source(new Location.File(temp.resolve("a.gguf")))))
                .isEqualTo(temp.resolve("a.gguf"));
        assertThat(files.state(new Location.Folder(temp))).isEqualTo(ModelFiles.State.LOCAL);
    }

    @Test
    void repositoryInAnExistingCacheIsFound() throws IOException {
        Path snapshot = snapshot(COMMIT);
        Location.Repository repository = new Location.Repository("org/name");
        assertThat(files.locate(source(repository))).isEqualTo(snapshot);
        assertThat(files.state(repository)).isEqualTo(ModelFiles.State.LOCAL);
    }

    @Test
    void repositoryThatIsNotThereSaysWhatToDo() {
        Location.Repository repository = new Location.Repository("org/name");
        assertThat(files.state(repository)).isEqualTo(ModelFiles.State.REMOTE);
        assertThatThrownBy(() -> files.locate(source(repository)))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("org/name")
                .hasMessageContaining(temp.resolve("hub").toString())
                .hasMessageContaining("give its folder");
    }

    @Test
    void referenceThatIsNoCommitIsNotFollowed() throws IOException {
        snapshot("../../../..");
        assertThat(files.state(new Location.Repository("org/name"))).isEqualTo(ModelFiles.State.REMOTE);
    }

    @Test
    void repositoryIdsCannotLeaveTheCache() throws IOException {
        snapshot(COMMIT);
        assertThat(files.state(new Location.Repository("../org/name"))).isEqualTo(ModelFiles.State.REMOTE);
    }

    @Test
    void cacheIsWhereTheHubClientHasIt() {
        assertThat(HuggingFaceCache.of(Map.of("HF_HUB_CACHE", "/a", "HF_HOME", "/b"), temp)
                        .root())
                .isEqualTo(Path.of("/a"));
        assertThat(HuggingFaceCache.of(Map.of("HF_HOME", "/b", "XDG_CACHE_HOME", "/c"), temp)
                        .root())
                .isEqualTo(Path.of("/b/hub"));
        assertThat(HuggingFaceCache.of(Map.of("XDG_CACHE_HOME", "/c"), temp).root())
                .isEqualTo(Path.of("/c/huggingface/hub"));
        assertThat(HuggingFaceCache.of(Map.of(), temp).root()).isEqualTo(temp.resolve(".cache/huggingface/hub"));
    }
}
