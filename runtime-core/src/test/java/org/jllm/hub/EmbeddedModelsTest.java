package org.jllm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jllm.api.ModelNotFoundException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedModelsTest {
    private static final List<String> FILES = List.of(
            "README.md",
            "config.json",
            "generation_config.json",
            "manpage-ja-6m-bf16.gguf",
            "model.safetensors",
            "special_tokens_map.json",
            "tokenizer.model",
            "tokenizer_config.json");

    @TempDir
    Path temp;

    private EmbeddedModels models;
    private Path folder;

    @BeforeEach
    void unpack() {
        models = new EmbeddedModels(new CacheFolder(temp));
        assertThat(models.isUnpacked("manpage-ja-6m")).isFalse();
        folder = models.folder("manpage-ja-6m");
        assertThat(models.isUnpacked("manpage-ja-6m")).isTrue();
    }

    @Test
    void unpacksEveryFileExactly() throws IOException {
        assertThat(folder.getFileName().toString()).matches("manpage-ja-6m-[0-9a-f]{12}");
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(FILES);
        }
        for (String file : FILES) {
            assertThat(folder.resolve(file)).hasBinaryContent(packed(file));
        }
    }

    @Test
    void whatStandsThereIsUsed() throws IOException {
        Object key = fileKey();
        assertThat(models.folder("manpage-ja-6m")).isEqualTo(folder);
        assertThat(fileKey()).isEqualTo(key);
    }

    @Test
    void copiedFilesWithOtherDatesAreFine() throws IOException {
        Object key = fileKey();
        Files.setLastModifiedTime(folder.resolve("config.json"), FileTime.fromMillis(0));
        models.folder("manpage-ja-6m");
        assertThat(fileKey()).isEqualTo(key);
    }

    @Test
    void olderVersionGoes() throws IOException {
        Path older = Files.createDirectory(temp.resolve("manpage-ja-6m-0123456789ab"));
        Files.writeString(older.resolve("config.json"), "{}");
        models.folder("manpage-ja-6m");
        assertThat(older).exists();
        Files.delete(folder.resolve("config.json"));
        models.folder("manpage-ja-6m");
        assertThat(older).doesNotExist();
    }

    @Test
    void tamperedFileIsRestored() throws IOException {
        Path weights = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Files.write(weights, bytes);
        assertThat(models.folder("manpage-ja-6m")).isEqualTo(folder);
        assertThat(weights).hasBinaryContent(packed("model.safetensors"));
    }

    @Test
    void missingAndShortFilesAreRestored() throws IOException {
        Files.delete(folder.resolve("tokenizer.model"));
        models.folder("manpage-ja-6m");
        assertThat(folder.resolve("tokenizer.model")).hasBinaryContent(packed("tokenizer.model"));
        Files.write(folder.resolve("config.json"), new byte[0]);
        models.folder("manpage-ja-6m");
        assertThat(folder.resolve("config.json")).hasBinaryContent(packed("config.json"));
    }

    @Test
    void unknownNameSaysWhatThereIs() {
        assertThatThrownBy(() -> models.folder("other"))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessage("no model other is embedded in this version; there are: manpage-ja-6m");
    }

    private Object fileKey() throws IOException {
        return Files.readAttributes(
                        folder.resolve("model.safetensors"), java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
    }

    private static byte[] packed(String file) throws IOException {
        try (var in = EmbeddedModels.class.getResourceAsStream("/org/jllm/models/manpage-ja-6m/" + file)) {
            return in.readAllBytes();
        }
    }
}
