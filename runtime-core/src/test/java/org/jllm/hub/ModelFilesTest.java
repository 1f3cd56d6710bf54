package org.jllm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnavailableException;
import org.jllm.catalogue.Catalogue;
import org.jllm.catalogue.HubOptions;
import org.jllm.catalogue.Location;
import org.jllm.catalogue.ModelSource;
import org.jllm.catalogue.Weights;
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
        files = ModelFiles.of(
                Map.of("JLLM_CACHE", temp.resolve("cache").toString(), "HF_HOME", temp.toString()),
                new HubOptions(null, null, true));
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
        for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            Files.createSymbolicLink(snapshot.resolve(name), blob);
        }
        return snapshot;
    }

    private static boolean isComplete(Path folder) {
        return new SnapshotFiles(folder).isComplete(new FileSelection(FileSelection.Kind.TRANSFORMERS));
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
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("org/name")
                .hasMessageContaining("downloads are off")
                .hasMessageContaining("give a folder");
    }

    @Test
    void whatAnotherProgramHasTakenInPartIsNotTakenForTheWhole() throws IOException {
        Path snapshot = snapshot(COMMIT);
        assertThat(isComplete(snapshot)).isTrue();
        Files.delete(snapshot.resolve("tokenizer.json"));
        assertThat(isComplete(snapshot)).isFalse();
        // Without the hub it has to do: the tokenizer may come from elsewhere.
        assertThat(files.locate(source(new Location.Repository("org/name")))).isEqualTo(snapshot);
        Files.delete(snapshot.resolve("model.safetensors"));
        assertThat(files.state(new Location.Repository("org/name"))).isEqualTo(ModelFiles.State.REMOTE);
    }

    @Test
    void shardsHaveToBeThereAll() throws IOException {
        Path folder = temp.resolve("sharded");
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.writeString(folder.resolve("tokenizer.model"), "");
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\", \"b\": \"model-00002-of-00002.safetensors\"}}");
        Files.writeString(folder.resolve("model-00001-of-00002.safetensors"), "");
        assertThat(isComplete(folder)).isFalse();
        Files.writeString(folder.resolve("model-00002-of-00002.safetensors"), "");
        assertThat(isComplete(folder)).isTrue();
        Files.writeString(folder.resolve("modules.json"), "[{\"path\": \"1_Pooling\", \"type\": \"x.Pooling\"}]");
        assertThat(isComplete(folder)).isFalse();
    }

    @Test
    void ofSeveralGgufFilesTheBestThatIsWholeIsOpened() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("gguf"));
        for (String name : List.of("m.Q8_0.gguf", "m.Q4_K_M-00001-of-00002.gguf", "m.Q5_K_M.gguf")) {
            Files.writeString(folder.resolve(name), "");
        }
        SnapshotFiles snapshot = new SnapshotFiles(folder);
        assertThat(snapshot.gguf(null)).contains(folder.resolve("m.Q5_K_M.gguf"));
        assertThat(snapshot.gguf("q8_0")).contains(folder.resolve("m.Q8_0.gguf"));
        Files.writeString(folder.resolve("m.Q4_K_M-00002-of-00002.gguf"), "");
        assertThat(snapshot.gguf(null)).contains(folder.resolve("m.Q4_K_M-00001-of-00002.gguf"));
    }

    @Test
    void modelsWhoseWeightsAreElsewhereSayWhere() {
        ModelSource elsewhere = Catalogue.load().entries().stream()
                .filter(entry -> entry.weights().availability() == Weights.Availability.ELSEWHERE)
                .map(entry -> Catalogue.load().resolve(entry.id()))
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> files.pull(elsewhere, "transformers", null, PullObserver.NONE))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("are not on the hub but at");
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
