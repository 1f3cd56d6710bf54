package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.jllm.api.LoadOptions;
import org.jllm.generation.MemoryNeeds;
import org.jllm.gguf.file.GgufFile;
import org.junit.jupiter.api.Test;

/** The header of a file says as much of its cache as llama.cpp does once it is loaded. */
class GgufMemoryTest {
    private static final Path FILE = TestModels.FOLDER.resolve("manpage-ja-6m-bf16.gguf");

    @Test
    void isToldFromTheHeader() {
        GgufFile file = GgufFile.read(FILE);
        MemoryNeeds needs = GgufMemory.of(file, LoadOptions.none());
        assertThat(needs.weights()).isEqualTo(file.bytes());
        assertThat(needs.context()).isEqualTo(256);
        // 6 layers with 4 key heads of 32 in half precision; by default the cache holds four contexts, and
        // one is kept for later.
        assertThat(needs.cache()).isEqualTo(5L * 256 * 6 * 2 * 4 * 32 * 2);
        LoadOptions small = LoadOptions.builder().context(128).cacheBytes(1).build();
        assertThat(GgufMemory.of(file, small).cache()).isEqualTo(2L * 128 * 6 * 2 * 4 * 32 * 2);
    }

    @Test
    void agreesWithLlamaCpp() {
        LlamaCpp library = TestModels.library();
        try (LlamaModel model = LlamaModel.load(library, FILE, LlamaModel.Part.ALL, LlamaModel.Placement.CPU)) {
            assertThat(GgufMemory.cacheBytesPerPosition(GgufFile.read(FILE), 6, 256))
                    .isEqualTo(model.cacheBytesPerPosition());
        }
    }
}
