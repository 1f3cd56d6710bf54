package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.jllm.api.CapacityException;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoadOptionsBuilder;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** States are saved where the class says, go back there exactly, and stay within their memory. */
class StateMemoryTest {
    private static final Offset<Float> NEAR = within(2e-4f);
    private static final int CONTEXT = 700;

    /** @param cells states that there is memory for; null for as many as anybody could want */
    static DecoderBackend load(String model, @Nullable Integer cells) {
        LoadOptionsBuilder options = LoadOptions.builder().dtype("float32").context(CONTEXT);
        if (cells != null) {
            options.cacheBytes(cells * stateBytes(model));
        }
        return new TransformersLoader().loadDecoder(GoldenModel.folder(model), options.build());
    }

    /** Two layers of a convolution over 3 earlier inputs and 8 numbers, 64 wide; three of 3 + 1 vectors, 32 wide. */
    private static long stateBytes(String model) {
        return model.equals("mamba") ? 2 * 64 * (3 + 8) * 4 : 3 * 32 * 4 * 4;
    }

    private static int[] ids(int seed, int count) {
        return new Random(seed).ints(count, 1, 96).toArray();
    }

    /** The logits after the last of these tokens, which go on where the slot ends. */
    private static float[] feed(DecoderBackend backend, int slot, int... tokens) {
        Batch batch = new Batch();
        int position = backend.length(slot);
        for (int i = 0; i < tokens.length; i++) {
            batch.add(slot, position + i, tokens[i], i == tokens.length - 1);
        }
        return read(backend, backend.step(batch), 0);
    }

    private static float[] read(DecoderBackend backend, Logits logits, int row) {
        float[] values = new float[backend.capabilities().vocabularySize()];
        logits.read(row, values);
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mamba", "rwkv4"})
    void goesBackToSavedStatesExactly(String model) {
        int[] ids = ids(1, 300);
        try (DecoderBackend backend = load(model, null)) {
            assertThat(backend.capabilities().rollback()).isFalse();
            backend.open(0);
            float[] whole = feed(backend, 0, ids);
            assertThat(IntStream.of(127, 128, 200, 256, 298, 299, 300).map(n -> backend.reusable(0, n)))
                    .containsExactly(0, 128, 128, 256, 256, 299, 300);
            assertThat(backend.reusable(0, 400)).isEqualTo(384);
            assertThat(backend.reusable(0, 310)).isEqualTo(299);
            backend.open(1);
            assertThat(backend.fork(0, 1, 290)).isEqualTo(256);
            assertThat(backend.reusable(1, 255)).isEqualTo(128);
            assertThat(feed(backend, 1, Arrays.copyOfRange(ids, 256, 300))).containsExactly(whole, NEAR);
            backend.open(2);
            assertThat(backend.fork(0, 2, 300)).isEqualTo(300);
            assertThat(feed(backend, 2, 5)).containsExactly(feed(backend, 1, 5), NEAR);
            assertThat(backend.retain(0, 299)).isEqualTo(299);
            assertThat(feed(backend, 0, ids[299])).containsExactly(whole, NEAR);
            assertThat(backend.retain(0, 140)).isEqualTo(128);
            assertThat(feed(backend, 0, Arrays.copyOfRange(ids, 128, 300))).containsExactly(whole, NEAR);
            assertThat(backend.retain(0, 100)).isZero();
            assertThat(feed(backend, 0, ids)).containsExactly(whole, NEAR);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mamba", "rwkv4"})
    void savesAtTheEndsOfChunksAndWhileDecoding(String model) {
        int[] ids = ids(2, 260);
        try (DecoderBackend backend = load(model, null)) {
            backend.open(0);
            Batch chunk = new Batch();
            for (int i = 0; i < 50; i++) {
                chunk.add(0, i, ids[i], false);
            }
            backend.step(chunk);
            for (int i = 50; i < 260; i++) {
                feed(backend, 0, ids[i]);
            }
            assertThat(IntStream.of(49, 50, 127, 128, 255, 256, 259).map(n -> backend.reusable(0, n)))
                    .containsExactly(0, 50, 50, 128, 128, 256, 256);
            float[] next = feed(backend, 0, 3);
            assertThat(backend.retain(0, 257)).isEqualTo(256);
            feed(backend, 0, Arrays.copyOfRange(ids, 256, 260));
            assertThat(feed(backend, 0, 3)).containsExactly(next, NEAR);
        }
    }

    @Test
    void keepsTheStatesWhoseAbsenceWouldCostMost() {
        int[] ids = ids(3, 600);
        try (DecoderBackend backend = load("mamba", 3)) {
            assertThat(backend.capabilities().slots()).isEqualTo(3);
            backend.open(0);
            feed(backend, 0, Arrays.copyOf(ids, 300));
            // 128 and 256 are worth more than 299.
            assertThat(backend.reusable(0, 299)).isEqualTo(256);
            feed(backend, 0, Arrays.copyOfRange(ids, 300, 600));
            int early = backend.reusable(0, 300);
            int late = backend.reusable(0, 599);
            assertThat(early).isPositive().isLessThan(late);
            // Another text needs a cell of its own and gets one; what it saves is shared fairly.
            backend.open(1);
            feed(backend, 1, Arrays.copyOf(ids, 200));
            assertThat(backend.reusable(0, 599) + backend.reusable(1, 199)).isPositive();
            backend.open(2);
            float[] third = feed(backend, 2, Arrays.copyOf(ids, 30));
            assertThat(IntStream.range(0, 2).map(slot -> backend.reusable(slot, 199)))
                    .containsOnly(0);
            backend.close(1);
            assertThat(backend.retain(2, 0)).isZero();
            assertThat(feed(backend, 2, Arrays.copyOf(ids, 30))).containsExactly(third, NEAR);
        }
    }

    @Test
    void oneStateIsTheLeastThatWorks() {
        try (DecoderBackend backend = load("rwkv4", 1)) {
            assertThat(backend.capabilities().slots()).isOne();
            backend.open(0);
            float[] whole = feed(backend, 0, ids(4, 300));
            assertThat(backend.reusable(0, 299)).isZero();
            assertThat(backend.reusable(0, 400)).isZero();
            assertThat(backend.retain(0, 299)).isZero();
            assertThat(feed(backend, 0, ids(4, 300))).containsExactly(whole, NEAR);
        }
        assertThatThrownBy(() -> new TransformersLoader()
                        .loadDecoder(
                                GoldenModel.folder("rwkv4"),
                                LoadOptions.builder()
                                        .dtype("float32")
                                        .cacheBytes(100)
                                        .build()))
                .isInstanceOf(CapacityException.class)
                .hasMessageContaining("cache_bytes is 100");
    }

    /** Whatever is fed, kept, copied and reordered, alone or together: each slot stays the one of its tokens. */
    @ParameterizedTest
    @CsvSource({"mamba, 4", "mamba, 6", "rwkv4, 4", "rwkv4, 9"})
    void slotsAreThoseOfTheirTokens(String model, int cells) {
        int slots = 4;
        int[] text = ids(5, CONTEXT);
        Map<List<Integer>, float[]> known = new HashMap<>();
        try (DecoderBackend backend = load(model, cells);
                DecoderBackend reference = load(model, null)) {
            reference.open(0);
            List<List<Integer>> held = new ArrayList<>();
            for (int slot = 0; slot < slots; slot++) {
                backend.open(slot);
                held.add(new ArrayList<>());
            }
            Random random = new Random(6);
            for (int round = 0; round < 60; round++) {
                int slot = random.nextInt(slots);
                int other = (slot + 1 + random.nextInt(slots - 1)) % slots;
                switch (random.nextInt(5)) {
                    case 0 -> {
                        int length = random.nextInt(held.get(slot).size() + 1);
                        int expected = backend.reusable(slot, length);
                        assertThat(backend.retain(slot, length)).isEqualTo(expected);
                        held.set(slot, new ArrayList<>(held.get(slot).subList(0, expected)));
                    }
                    case 1 -> {
                        backend.close(other);
                        backend.open(other);
                        int length = random.nextInt(held.get(slot).size() + 1);
                        int expected = backend.reusable(slot, length);
                        assertThat(backend.fork(slot, other, length)).isEqualTo(expected);
                        held.set(other, new ArrayList<>(held.get(slot).subList(0, expected)));
                    }
                    case 2 -> {
                        List<List<Integer>> before = List.copyOf(held);
                        int second = random.nextBoolean() ? slot : other;
                        backend.reorder(new int[] {slot, other}, new int[] {other, second});
                        held.set(slot, new ArrayList<>(before.get(other)));
                        held.set(other, new ArrayList<>(before.get(second)));
                    }
                    default -> step(backend, reference, held, known, text, random);
                }
                for (int i = 0; i < slots; i++) {
                    assertThat(backend.length(i)).isEqualTo(held.get(i).size());
                }
            }
        }
    }

    /** Some rows for each slot, mostly in one batch; beginnings are often alike. */
    private static void step(
            DecoderBackend backend,
            DecoderBackend reference,
            List<List<Integer>> held,
            Map<List<Integer>, float[]> known,
            int[] text,
            Random random) {
        Batch batch = new Batch();
        List<List<Integer>> fed = new ArrayList<>();
        for (int slot = 0; slot < held.size(); slot++) {
            List<Integer> tokens = held.get(slot);
            int count = random.nextInt(3) == 0 ? 0 : random.nextBoolean() ? 1 : 1 + random.nextInt(90);
            count = Math.min(count, Math.min(CONTEXT - tokens.size(), 512 - batch.size()));
            for (int i = 0; i < count; i++) {
                int token = text[tokens.size()] + (random.nextInt(200) == 0 ? 1 : 0);
                batch.add(slot, tokens.size(), token, i == count - 1);
                tokens.add(token);
            }
            if (count > 0) {
                fed.add(List.copyOf(tokens));
            }
        }
        if (batch.size() == 0) {
            return;
        }
        Logits logits = backend.step(batch);
        for (int row = 0; row < fed.size(); row++) {
            float[] expected = known.computeIfAbsent(fed.get(row), tokens -> {
                reference.retain(0, 0);
                return feedAll(reference, tokens);
            });
            assertThat(read(backend, logits, row)).containsExactly(expected, NEAR);
        }
    }

    private static float[] feedAll(DecoderBackend backend, List<Integer> tokens) {
        float[] logits = {};
        for (int from = 0; from < tokens.size(); from += 512) {
            logits = feed(
                    backend,
                    0,
                    tokens.subList(from, Math.min(from + 512, tokens.size())).stream()
                            .mapToInt(Integer::intValue)
                            .toArray());
        }
        return logits;
    }
}
