package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jllm.api.CapacityException;
import org.jllm.api.LoadOptions;
import org.jllm.api.WordOptions;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Slots.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches grow by need within one budget, and long prompts go through them in chunks. */
class CacheTest {
    private static final int CONTEXT = 700;

    @TempDir
    Path folder;

    private DecoderBackend load(Integer cachePositions) throws IOException {
        Path model = folder.resolve("model");
        if (!model.toFile().exists()) {
            GoldenModel.copy("mistral_sliding", model);
            GoldenModel.changeConfig(model, config -> config.put("max_position_embeddings", CONTEXT));
        }
        // Two layers of two key heads of eight numbers, keys and values, four bytes each.
        Long bytes = cachePositions == null ? null : cachePositions * 2L * 2 * 2 * 8 * 4;
        return new TransformersLoader()
                .loadDecoder(
                        model,
                        new LoadOptions(
                                null,
                                null,
                                "float32",
                                null,
                                null,
                                bytes,
                                null,
                                null,
                                null,
                                null,
                                null,
                                WordOptions.none()));
    }

    private static float[] feed(DecoderBackend backend, int slot, int count) {
        Batch batch = new Batch();
        int position = backend.length(slot);
        for (int i = position; i < position + count; i++) {
            batch.add(slot, i, (i * 31 + 7) % 97, i == position + count - 1);
        }
        float[] logits = new float[97];
        backend.step(batch).read(0, logits);
        return logits;
    }

    @Test
    void chunksOfALongPromptEqualItsRows() throws IOException {
        try (DecoderBackend backend = load(null)) {
            int most = backend.capabilities().maxBatchRows();
            assertThat(most).isLessThan(CONTEXT - 40);
            backend.open(0);
            feed(backend, 0, most);
            float[] chunks = feed(backend, 0, 40);
            backend.open(1);
            float[] rows = new float[0];
            for (int i = 0; i < most + 40; i++) {
                rows = feed(backend, 1, 1);
            }
            for (int i = 0; i < rows.length; i++) {
                assertThat(chunks[i]).isCloseTo(rows[i], within(1e-4f));
            }
        }
    }

    @Test
    void aFullBudgetLeavesEverythingUsable() throws IOException {
        float[] expected;
        try (DecoderBackend backend = load(null)) {
            backend.open(0);
            feed(backend, 0, 90);
            expected = feed(backend, 0, 5);
        }
        try (DecoderBackend backend = load(100)) {
            backend.open(0);
            backend.open(1);
            feed(backend, 0, 90);
            assertThatThrownBy(() -> feed(backend, 1, 11))
                    .isInstanceOf(CapacityException.class)
                    .hasMessageContaining("cache_bytes");
            assertThat(backend.length(1)).isZero();
            assertThat(backend.length(0)).isEqualTo(90);
            assertThat(feed(backend, 0, 5)).containsExactly(expected, within(1e-4f));
            feed(backend, 1, 5);
            assertThatThrownBy(() -> feed(backend, 0, 1)).isInstanceOf(CapacityException.class);
            backend.close(0);
            feed(backend, 1, 80);
            assertThat(backend.length(1)).isEqualTo(85);
        }
    }

    @Test
    void growsWithRoomToSpareWhereTheBudgetHasIt() {
        CacheBudget budget = new CacheBudget(2, 1000, 300);
        assertThat(budget.plan(List.of(new Span(0, 0, 10, 0)))).containsExactly(64);
        budget.set(0, 64);
        assertThat(budget.plan(List.of(new Span(0, 0, 1, 64)))).containsExactly(128);
        budget.set(0, 128);
        // Half more than before for the one, and what it needs for the other, would be too much: just enough for both.
        assertThat(budget.plan(List.of(new Span(0, 0, 1, 128), new Span(1, 1, 150, 0))))
                .containsExactly(129, 150);
        assertThat(IntStream.range(0, 2).map(budget::capacity)).containsExactly(128, 0);
        assertThatThrownBy(() -> budget.plan(List.of(new Span(1, 0, 173, 0)))).isInstanceOf(CapacityException.class);
        budget.release(0);
        assertThat(budget.total()).isZero();
    }

    @Test
    void neverGrowsBeyondTheContext() {
        CacheBudget budget = new CacheBudget(1, 100, 1000);
        assertThat(budget.plan(List.of(new Span(0, 0, 90, 0)))).containsExactly(100);
    }
}
