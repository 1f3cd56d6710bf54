package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jllm.api.CapacityException;
import org.jllm.api.LoadOptions;
import org.jllm.api.WordOptions;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;
import org.jllm.machine.ProcessMemory;
import org.jllm.tokenizer.Tokenizer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Opening, using and closing, alone and in company. */
class LifecycleTest {
    private static final GgufLoader LOADER = new GgufLoader();
    private static final Path MODEL = TestModels.FOLDER;

    @BeforeAll
    static void load() {
        TestModels.library();
    }

    private static DecoderBackend open(Integer threads, Integer context, Long cacheBytes) {
        return LOADER.loadDecoder(
                MODEL,
                new LoadOptions(
                        null,
                        null,
                        null,
                        null,
                        threads,
                        context,
                        cacheBytes,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        WordOptions.none()));
    }

    private static float[] first(DecoderBackend model, int token) {
        model.open(0);
        float[] logits = new float[model.capabilities().vocabularySize()];
        model.step(batch(0, 0, token)).read(0, logits);
        model.close(0);
        return logits;
    }

    private static Batch batch(int slot, int position, int... tokens) {
        Batch batch = new Batch();
        for (int i = 0; i < tokens.length; i++) {
            batch.add(slot, position + i, tokens[i], i == tokens.length - 1);
        }
        return batch;
    }

    @Test
    void twoHundredTimesLeaveNothingBehind() {
        for (int i = 0; i < 20; i++) {
            useOnce(i);
        }
        long before = ProcessMemory.now().anonymous();
        for (int i = 0; i < 200; i++) {
            useOnce(i);
        }
        // The heap of this process has one size and is touched from the start (see the POM), so what grows is native.
        // A context alone takes more than this: one that stays each time would show two hundredfold.
        assertThat(ProcessMemory.now().anonymous() - before).isLessThan(64L << 20);
    }

    private static void useOnce(int round) {
        try (DecoderBackend model = open(round % 10 == 0 ? 2 : 1, 64, null);
                Tokenizer tokenizer = LOADER.loadTokenizer(MODEL)) {
            assertThat(first(model, tokenizer.encode("猫", false)[0])).doesNotContain(Float.NaN);
        }
    }

    @Test
    void twoModelsDoNotDisturbEachOther() throws InterruptedException {
        try (DecoderBackend one = open(1, 64, null);
                DecoderBackend other = open(2, 128, null)) {
            float[] expected = first(one, 100);
            float[] otherExpected = first(other, 200);
            List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 50; i++) {
                    assertThat(first(one, 100)).isEqualTo(expected);
                }
            });
            thread.setUncaughtExceptionHandler((failed, e) -> failures.add(e));
            thread.start();
            for (int i = 0; i < 50; i++) {
                assertThat(first(other, 200)).isEqualTo(otherExpected);
            }
            thread.join();
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void callsThatOverlapAreRefused() throws InterruptedException {
        Turn turn = new Turn();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Thread user = new Thread(() -> turn.take(() -> {
            inside.countDown();
            try {
                return leave.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        user.start();
        inside.await();
        AtomicInteger freed = new AtomicInteger();
        assertThatThrownBy(() -> turn.take(() -> 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> turn.end(freed::incrementAndGet)).isInstanceOf(IllegalStateException.class);
        leave.countDown();
        user.join();
        assertThat(turn.take(() -> 1)).isOne();
        turn.end(freed::incrementAndGet);
        turn.end(freed::incrementAndGet);
        assertThat(freed).hasValue(1);
        assertThatThrownBy(() -> turn.take(() -> 1)).hasMessageContaining("closed");
    }

    @Test
    void logitsOfAClosedModelAreRefused() {
        Logits logits;
        try (DecoderBackend model = open(1, 64, null)) {
            model.open(0);
            logits = model.step(batch(0, 0, 1));
            assertThatThrownBy(() -> logits.read(0, new float[10])).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> logits.read(0, new float[6000])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFullCacheChangesNothing() {
        // Room for one context of 256 only, as llama.cpp rounds up to that.
        try (DecoderBackend model = open(1, 256, 1L)) {
            int[] tokens = new java.util.Random(1).ints(150, 1, 6000).toArray();
            model.open(0);
            model.open(1);
            model.step(batch(0, 0, tokens));
            model.step(batch(1, 0, 7));
            assertThatThrownBy(() -> model.step(batch(1, 1, tokens)))
                    .isInstanceOf(CapacityException.class)
                    .hasMessageContaining("--cache-bytes");
            assertThat(model.length(0)).isEqualTo(150);
            assertThat(model.length(1)).isOne();
            float[] afterwards = new float[6000];
            model.step(batch(1, 1, 9)).read(0, afterwards);
            model.close(0);
            model.close(1);
            model.open(1);
            model.step(batch(1, 0, 7));
            float[] expected = new float[6000];
            model.step(batch(1, 1, 9)).read(0, expected);
            assertThat(afterwards).containsExactly(expected, org.assertj.core.api.Assertions.within(0.1f));
        }
    }

    @Test
    void aMixedBatchThatDoesNotFitChangesNothing() {
        try (DecoderBackend model = open(1, 256, 1L)) {
            int[] tokens = new java.util.Random(1).ints(150, 1, 6000).toArray();
            model.open(0);
            model.open(1);
            model.step(batch(0, 0, tokens));
            Batch mixed = new Batch();
            for (int i = 0; i < 100; i++) {
                mixed.add(1, i, tokens[i], false);
            }
            for (int i = 100; i < 150; i++) {
                mixed.addEmbedding(1, i, new float[model.capabilities().embeddingSize()], false);
            }
            assertThatThrownBy(() -> model.step(mixed)).isInstanceOf(CapacityException.class);
            assertThat(model.length(1)).isZero();
            model.step(batch(1, 0, tokens[0]));
            assertThat(model.length(1)).isOne();
        }
    }
}
