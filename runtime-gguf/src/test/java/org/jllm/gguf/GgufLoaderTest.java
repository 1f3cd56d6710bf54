package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.LoadOptions;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.api.WordOptions;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.ModelDescription;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufLoaderTest {
    private static final GgufLoader LOADER = new GgufLoader();
    private static final Path FILE = TestModels.FOLDER.resolve("manpage-ja-6m-bf16.gguf");

    @TempDir
    Path folder;

    @BeforeAll
    static void load() {
        TestModels.library();
    }

    private static LoadOptions options(String device, String dtype, Integer context) {
        return new LoadOptions(
                null,
                device,
                dtype,
                null,
                1,
                context,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                WordOptions.none());
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOf(JllmException.class)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void settingsThatDoNotGoWithItAreRefused() {
        assertRefused(() -> LOADER.loadDecoder(FILE, options(null, "float16", null)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("float16");
        LoadOptions int8 = LoadOptions.builder().quantize("int8").build();
        assertRefused(() -> LOADER.loadDecoder(FILE, int8))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("quantize int8 is for Transformers models");
        assertRefused(() -> LOADER.loadDecoder(FILE, options(null, null, 257)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("257")
                .hasMessageContaining("256");
        for (String device : List.of("cuda:0", "vulkan:1", "metal")) {
            assertRefused(() -> LOADER.loadDecoder(FILE, options(device, null, null)))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining(device)
                    .hasMessageContaining("docs/gpu.md");
        }
        assertRefused(() -> LOADER.loadDecoder(FILE, options("tpu", null, null)))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void settingsAreFollowed() {
        LoadOptions options = LoadOptions.builder()
                .device("cpu")
                .dtype("auto")
                .threads(2)
                .context(100)
                .gpuLayers(3)
                .mlock(true)
                .build();
        try (DecoderBackend model = LOADER.loadDecoder(FILE, options)) {
            assertThat(model.capabilities().contextLength()).isEqualTo(100);
        }
    }

    @Test
    void aFolderHoldsOneModel() throws IOException {
        assertRefused(() -> LOADER.loadTokenizer(folder))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining(folder.toString());
        Files.copy(FILE, folder.resolve("a-00001-of-00002.gguf"));
        Files.copy(FILE, folder.resolve("a-00002-of-00002.gguf"));
        assertThat(ModelFile.find(folder)).hasFileName("a-00001-of-00002.gguf");
        Files.copy(FILE, folder.resolve("b.gguf"));
        assertRefused(() -> LOADER.loadTokenizer(folder))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("2");
    }

    @Test
    void aFileWithoutWeightsIsRefused() throws IOException {
        // Cut behind the header: what is left is the vocabulary.
        byte[] bytes = Files.readAllBytes(FILE);
        Path cut = Files.write(folder.resolve("cut.gguf"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertRefused(() -> LOADER.loadDecoder(cut, options(null, null, null)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("cut.gguf");
    }

    @Test
    void anUnknownArchitectureIsUnsupported() throws IOException {
        Path file = patched(text -> text.replace(
                "general.architecture\10\0\0\0\5\0\0\0\0\0\0\0llama",
                "general.architecture\10\0\0\0\5\0\0\0\0\0\0\0lxama"));
        assertRefused(() -> LOADER.loadDecoder(file, options(null, null, null)))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("lxama");
    }

    private Path patched(Function<String, String> change) throws IOException {
        var latin = java.nio.charset.StandardCharsets.ISO_8859_1;
        String before = Files.readString(FILE, latin);
        String after = change.apply(before);
        assertThat(after).isNotEqualTo(before);
        return Files.writeString(folder.resolve("patched.gguf"), after, latin);
    }

    @Test
    void describesWithoutLoading() {
        ModelDescription description = LOADER.describe(TestModels.FOLDER);
        assertThat(description.architecture()).isEqualTo("llama");
        assertThat(description.supported()).isTrue();
        assertThat(description.context()).isEqualTo(256);
        assertThat(description.vocabularySize()).isEqualTo(6000);
        assertThat(description.parameters()).isEqualTo(5_963_008);
        assertThat(description.storedType()).isEqualTo("BF16");
    }

    @Test
    void tellsWhatItRunsOn() {
        assertThat(LOADER.diagnose())
                .containsKeys("llama.cpp", "libraries", "instructions", "devices")
                .doesNotContainValue("");
    }
}
