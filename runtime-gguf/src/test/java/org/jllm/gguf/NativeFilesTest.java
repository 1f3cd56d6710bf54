package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jllm.api.EngineException;
import org.jllm.api.JllmException;
import org.jllm.hub.CacheFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that are missing, of another release, damaged, or that cannot be unpacked: one line that says what to do. */
class NativeFilesTest {
    @TempDir
    Path folder;

    private static AbstractThrowableAssert<?, ?> assertOneLine(ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOf(JllmException.class)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void anotherReleaseIsRefused() throws IOException {
        Path libraries = TestModels.library().folder();
        Path original = library(libraries);
        for (Path file : files(libraries)) {
            if (!file.equals(original) && !file.getFileName().toString().contains("cpu")) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        // Latin 1 keeps every byte as it is.
        String bytes = Files.readString(original, StandardCharsets.ISO_8859_1);
        String other = bytes.replace("\0" + TestModels.library().version() + "\0", "\0" + "9.9.9-dev\0");
        assertThat(other).hasSameSizeAs(bytes).isNotEqualTo(bytes);
        Files.writeString(folder.resolve(original.getFileName()), other, StandardCharsets.ISO_8859_1);
        assertOneLine(() -> LlamaCpp.version(LlamaCpp.library(folder, "llama"), folder))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("9.9.9-dev")
                .hasMessageContaining(LlamaCpp.RELEASE)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("JLLM_LLAMA_LIBRARY_PATH");
    }

    @Test
    void aLibraryThatTellsNoReleaseIsRefused() {
        TestModels.library();
        Path libraries = TestModels.library().folder();
        assertOneLine(() -> LlamaCpp.version(LlamaCpp.library(libraries, "ggml-base"), libraries))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("too old")
                .hasMessageContaining(LlamaCpp.RELEASE);
    }

    @Test
    void aMissingLibraryIsNamed() {
        assertOneLine(() -> LlamaCpp.library(folder, "llama"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("llama")
                .hasMessageContaining(folder.toString());
        assertOneLine(() -> NativeFiles.folder(folder.resolve("none").toString()))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("JLLM_LLAMA_LIBRARY_PATH");
    }

    @Test
    void aDamagedLibraryIsNamed() throws IOException {
        Files.writeString(folder.resolve(System.mapLibraryName("llama")), "not a library");
        assertOneLine(() -> LlamaCpp.library(folder, "llama"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(folder.toString());
    }

    @Test
    void aCacheThatCannotBeWrittenToIsNamed() throws IOException {
        TestModels.library();
        Path root = Files.writeString(folder.resolve("file"), "in the way").resolve("cache");
        assertOneLine(() -> NativeFiles.unpack(new CacheFolder(root)))
                .hasMessageContaining(root.toString())
                .hasMessageContaining("JLLM_CACHE");
    }

    @Test
    void theLibrariesAreUnpackedOnceAndRestored() throws IOException {
        TestModels.library();
        CacheFolder cache = new CacheFolder(folder);
        Path older = Files.createDirectories(folder.resolve("llama.cpp-1.0-linux-x64"));
        Path unpacked = NativeFiles.unpack(cache);
        assertThat(older).doesNotExist();
        Path library = library(unpacked);
        var time = Files.getLastModifiedTime(library);
        long size = Files.size(library);
        assertThat(NativeFiles.unpack(cache)).isEqualTo(unpacked);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(time);
        Files.writeString(library, "damaged");
        assertThat(NativeFiles.unpack(cache)).isEqualTo(unpacked);
        assertThat(library).hasSize(size);
    }

    private static Path library(Path folder) throws IOException {
        return files(folder).stream()
                .filter(file -> file.getFileName().toString().matches("(lib)?llama\\..*"))
                .findFirst()
                .orElseThrow();
    }

    private static java.util.List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
