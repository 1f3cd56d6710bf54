package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine owes: extended by the test of each, with a small model in float32. */
public abstract class AbstractDecoderBackendTest {
    private static final Offset<Float> NEAR = within(1e-3f);

    private DecoderBackend backend;
    private Capabilities can;

    /** A model with a context of 32 to 1024 positions. */
    protected abstract DecoderBackend load();

    @BeforeEach
    void open() {
        backend = load();
        can = backend.capabilities();
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void capabilitiesAreUsable() {
        assertThat(can.slots()).isPositive();
        assertThat(can.maxBatchRows()).isPositive();
        assertThat(can.contextLength()).isBetween(32, 1024);
        assertThat(can.vocabularySize()).isPositive();
        assertThat(can.embeddingSize()).isNotNegative();
    }

    @Test
    void chunksGiveTheLogitsOfTheWhole() {
        int[] ids = ids(1, 12);
        backend.open(0);
        float[] whole = feed(0, ids);
        backend.open(1);
        feed(1, Arrays.copyOf(ids, 5));
        float[] rest = feed(1, Arrays.copyOfRange(ids, 5, 12));
        assertThat(rest).containsExactly(whole, NEAR);
    }

    @Test
    void oneByOneGivesTheLogitsOfTheWhole() {
        int[] ids = ids(2, 9);
        backend.open(0);
        float[] whole = feed(0, ids);
        backend.open(1);
        float[] last = {};
        for (int id : ids) {
            last = feed(1, id);
        }
        assertThat(last).containsExactly(whole, NEAR);
        assertThat(backend.length(1)).isEqualTo(ids.length);
    }

    @Test
    void everyRowThatWantsLogitsGetsItsOwn() {
        int[] ids = ids(3, 6);
        backend.open(0);
        Batch batch = new Batch();
        for (int i = 0; i < ids.length; i++) {
            batch.add(0, i, ids[i], i == 1 || i == 4);
        }
        Logits logits = backend.step(batch);
        assertThat(logits.rows()).isEqualTo(2);
        float[] second = read(logits, 0);
        float[] fifth = read(logits, 1);
        backend.open(1);
        assertThat(feed(1, ids[0], ids[1])).containsExactly(second, NEAR);
        assertThat(feed(1, ids[2], ids[3], ids[4])).containsExactly(fifth, NEAR);
    }

    @Test
    void aBatchMayWantNoLogits() {
        backend.open(0);
        Batch batch = new Batch();
        batch.add(0, 0, 1, false);
        assertThat(backend.step(batch).rows()).isZero();
        assertThat(backend.length(0)).isOne();
    }

    @Test
    void slotsInOneBatchDoNotSeeEachOther() {
        assumeSlots(3);
        List<int[]> prompts = List.of(ids(4, 7), ids(5, 3), ids(6, 11));
        List<float[]> alone = new ArrayList<>();
        for (int slot = 0; slot < 3; slot++) {
            backend.open(slot);
            alone.add(feed(slot, prompts.get(slot)));
            backend.close(slot);
        }
        Batch batch = new Batch();
        for (int slot = 0; slot < 3; slot++) {
            backend.open(slot);
            int[] ids = prompts.get(slot);
            for (int i = 0; i < ids.length; i++) {
                batch.add(slot, i, ids[i], i == ids.length - 1);
            }
        }
        Logits together = backend.step(batch);
        for (int slot = 0; slot < 3; slot++) {
            assertThat(read(together, slot)).containsExactly(alone.get(slot), NEAR);
        }
    }

    @Test
    void promptsAndSingleTokensShareABatch() {
        assumeSlots(2);
        int[] running = ids(7, 8);
        int[] joining = ids(8, 5);
        backend.open(0);
        feed(0, Arrays.copyOf(running, 7));
        backend.open(1);
        Batch batch = new Batch();
        batch.add(0, 7, running[7], true);
        for (int i = 0; i < joining.length; i++) {
            batch.add(1, i, joining[i], i == joining.length - 1);
        }
        Logits mixed = backend.step(batch);
        float[] first = read(mixed, 0);
        float[] second = read(mixed, 1);
        backend.close(0);
        backend.close(1);
        backend.open(0);
        assertThat(feed(0, running)).containsExactly(first, NEAR);
        backend.open(1);
        assertThat(feed(1, joining)).containsExactly(second, NEAR);
    }

    @Test
    void retainGivesAPositionToFeedFrom() {
        int[] ids = ids(9, 10);
        backend.open(0);
        float[] whole = feed(0, ids);
        int from = backend.retain(0, 6);
        assertThat(from).isBetween(0, 6);
        if (can.rollback()) {
            assertThat(from).isEqualTo(6);
        }
        assertThat(backend.length(0)).isEqualTo(from);
        assertThat(feed(0, Arrays.copyOfRange(ids, from, 10))).containsExactly(whole, NEAR);
        assertThat(backend.retain(0, 0)).isZero();
        assertThat(feed(0, ids)).containsExactly(whole, NEAR);
    }

    @Test
    void forkedSlotsGoTheirOwnWays() {
        assumeSlots(2);
        int[] ids = ids(10, 10);
        backend.open(0);
        feed(0, Arrays.copyOf(ids, 8));
        backend.open(1);
        int from = backend.fork(0, 1, 6);
        assertThat(from).isBetween(0, 6);
        if (can.fork()) {
            assertThat(from).isEqualTo(6);
        }
        float[] forked = feed(1, Arrays.copyOfRange(ids, from, 10));
        feed(0, 1, 2);
        backend.retain(0, 0);
        assertThat(feed(0, ids)).containsExactly(forked, NEAR);
        assertThat(backend.length(1)).isEqualTo(10);
    }

    @Test
    void aParkedSlotIsAsItWas() {
        assumeSlots(4);
        int[] ids = ids(11, 10);
        backend.open(0);
        float[] whole = feed(0, ids);
        for (int slot = 1; slot < 4; slot++) {
            backend.open(slot);
            feed(slot, Arrays.copyOf(ids, 8));
            backend.park(slot);
            backend.park(slot);
            assertThat(backend.length(slot)).isEqualTo(8);
        }
        feed(0, 1);
        assertThat(feed(1, Arrays.copyOfRange(ids, 8, 10))).containsExactly(whole, NEAR);

        int retained = backend.retain(2, 6);
        assertThat(feed(2, Arrays.copyOfRange(ids, retained, 10))).containsExactly(whole, NEAR);

        backend.retain(0, 0);
        int forked = backend.fork(3, 0, 8);
        assertThat(forked).isEqualTo(backend.reusable(3, 8));
        assertThat(feed(0, Arrays.copyOfRange(ids, forked, 10))).containsExactly(whole, NEAR);
        backend.reorder(new int[] {1, 2}, new int[] {3, 3});
        for (int slot = 1; slot < 4; slot++) {
            assertThat(feed(slot, Arrays.copyOfRange(ids, 8, 10))).containsExactly(whole, NEAR);
        }
        backend.park(1);
        backend.close(1);
        backend.open(1);
        assertThat(feed(1, ids)).containsExactly(whole, NEAR);
    }

    @Test
    void aWholeSlotIsCopiedOrNothing() {
        assumeSlots(2);
        int[] ids = ids(13, 9);
        backend.open(0);
        feed(0, Arrays.copyOf(ids, 8));
        backend.open(1);
        int from = backend.fork(0, 1, 8);
        assertThat(from).isBetween(0, 8);
        assertThat(backend.length(1)).isEqualTo(from);
        float[] copied = feed(1, Arrays.copyOfRange(ids, from, 9));
        assertThat(feed(0, ids[8])).containsExactly(copied, NEAR);
    }

    @Test
    void saysHowMuchCanBeReused() {
        assumeSlots(2);
        backend.open(0);
        feed(0, ids(14, 10));
        backend.open(1);
        for (int length : new int[] {10, 9, 6, 1, 0}) {
            int reusable = backend.reusable(0, length);
            assertThat(reusable).isBetween(0, length);
            if (can.rollback()) {
                assertThat(reusable).isEqualTo(length);
            }
            assertThat(backend.fork(0, 1, length)).isLessThanOrEqualTo(reusable);
            backend.retain(1, 0);
        }
        assertThat(backend.reusable(0, 20)).isBetween(0, 20);
        int reusable = backend.reusable(0, 7);
        assertThat(backend.retain(0, 7)).isEqualTo(reusable);
        assertIllegal(() -> backend.reusable(can.slots(), 0));
    }

    @Test
    void reorderMovesAndCopies() {
        assumeSlots(3);
        for (int slot = 0; slot < 3; slot++) {
            backend.open(slot);
            feed(slot, ids(20 + slot, 4 + slot));
        }
        backend.reorder(new int[] {0, 1, 2}, new int[] {2, 0, 2});
        assertThat(backend.length(0)).isEqualTo(6);
        assertThat(backend.length(1)).isEqualTo(4);
        assertThat(backend.length(2)).isEqualTo(6);
        float[] moved = feed(0, 3);
        float[] copied = feed(2, 3);
        assertThat(copied).containsExactly(moved, NEAR);
        float[] former = feed(1, 5);
        backend.retain(0, 0);
        assertThat(feed(0, append(ids(22, 6), 3))).containsExactly(moved, NEAR);
        backend.retain(0, 0);
        assertThat(feed(0, append(ids(20, 4), 5))).containsExactly(former, NEAR);
    }

    @Test
    void reorderLeavesASourceThatIsNoTargetAsItWas() {
        assumeSlots(2);
        backend.open(0);
        feed(0, ids(30, 3));
        backend.open(1);
        feed(1, ids(31, 6));
        backend.reorder(new int[] {0}, new int[] {1});
        assertThat(backend.length(0)).isEqualTo(6);
        assertThat(backend.length(1)).isEqualTo(6);
        feed(1, 3);
        feed(0, 2);
        float[] untouched = feed(1, 4);
        backend.retain(0, 0);
        feed(0, append(ids(31, 6), 3));
        assertThat(feed(0, 4)).containsExactly(untouched, NEAR);
    }

    @Test
    void aSlotIsEmptyAfterItWasReopened() {
        int[] ids = ids(11, 5);
        backend.open(0);
        float[] first = feed(0, ids);
        backend.close(0);
        backend.open(0);
        assertThat(backend.length(0)).isZero();
        assertThat(feed(0, ids)).containsExactly(first, NEAR);
    }

    @Test
    void theContextCanBeFilledToItsLastPosition() {
        backend.open(0);
        int last = can.contextLength() - 1;
        int[] ids = ids(12, last);
        for (int from = 0; from < last; from += can.maxBatchRows()) {
            feed(0, Arrays.copyOfRange(ids, from, Math.min(from + can.maxBatchRows(), last)));
        }
        assertThat(feed(0, 1)).doesNotContain(Float.NaN);
        assertRefused(batch(0, can.contextLength(), 1));
    }

    @Test
    void logitsEndWithTheNextStep() {
        backend.open(0);
        Logits old = backend.step(batch(0, 0, 1));
        read(old, 0);
        backend.step(batch(0, 1, 1));
        assertThatThrownBy(() -> read(old, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void rowsOfLogitsAreChecked() {
        backend.open(0);
        Logits logits = backend.step(batch(0, 0, 1));
        assertThatThrownBy(() -> read(logits, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> read(logits, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void misuseIsRefusedAndChangesNothing() {
        backend.open(0);
        float[] expected = feed(0, 1, 2, 3);
        backend.retain(0, 0);
        feed(0, 1, 2);

        assertRefused(new Batch());
        assertRefused(batch(1, 0, 1));
        assertRefused(batch(-1, 0, 1));
        assertRefused(batch(can.slots(), 0, 1));
        assertRefused(batch(0, 1, 1));
        assertRefused(batch(0, 3, 1));
        assertRefused(batch(0, -1, 1));
        assertRefused(batch(0, 2, can.vocabularySize()));
        assertRefused(batch(0, 2, -2));
        Batch large = new Batch();
        for (int i = 0; i <= can.maxBatchRows(); i++) {
            large.add(0, 2 + i, 1, false);
        }
        assertRefused(large);
        Batch embedding = new Batch();
        embedding.addEmbedding(0, 2, new float[can.embeddingSize() + 1], true);
        assertRefused(embedding);
        if (can.slots() > 1) {
            backend.open(1);
            Batch torn = new Batch();
            torn.add(0, 2, 1, false);
            torn.add(1, 0, 1, false);
            torn.add(0, 3, 1, false);
            assertRefused(torn);
            assertIllegal(() -> backend.fork(0, 1, 3));
            assertIllegal(() -> backend.fork(0, 0, 1));
            assertIllegal(() -> backend.fork(1, 0, 0));
            assertIllegal(() -> backend.reorder(new int[] {0, 0}, new int[] {0, 1}));
            assertIllegal(() -> backend.reorder(new int[] {0}, new int[] {0, 1}));
            backend.close(1);
            assertIllegal(() -> backend.reorder(new int[] {0}, new int[] {1}));
        }
        assertIllegal(() -> backend.open(0));
        assertIllegal(() -> backend.open(can.slots()));
        assertIllegal(() -> backend.close(1));
        assertIllegal(() -> backend.length(1));
        assertIllegal(() -> backend.retain(0, 3));
        assertIllegal(() -> backend.retain(0, -1));
        if (!can.encoder()) {
            assertIllegal(() -> backend.open(2, new int[] {1}));
        }

        assertThat(feed(0, 3)).containsExactly(expected, NEAR);
    }

    @Test
    void embeddingRowsAreTakenWhereTheEngineSaysSo() {
        if (can.embeddingSize() == 0) {
            return;
        }
        backend.open(0);
        Batch batch = new Batch();
        batch.add(0, 0, 1, false);
        batch.addEmbedding(0, 1, new float[can.embeddingSize()], true);
        float[] zero = read(backend.step(batch), 0);
        backend.retain(0, 1);
        float[] ones = new float[can.embeddingSize()];
        for (int i = 0; i < ones.length; i += 2) {
            ones[i] = 1;
        }
        batch.clear();
        batch.addEmbedding(0, 1, ones, true);
        assertThat(read(backend.step(batch), 0)).doesNotContain(Float.NaN).isNotEqualTo(zero);
    }

    @Test
    void afterCloseNothingIsTouched() {
        backend.open(0);
        Logits logits = backend.step(batch(0, 0, 1));
        backend.close();
        assertThatCode(backend::close).doesNotThrowAnyException();
        assertThatThrownBy(() -> backend.open(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> backend.close(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> backend.length(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> backend.step(batch(0, 1, 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> backend.retain(0, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> backend.fork(0, 1, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> backend.reusable(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> backend.reorder(new int[0], new int[0])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> read(logits, 0)).isInstanceOf(IllegalStateException.class);
    }

    private void assumeSlots(int slots) {
        Assumptions.assumeTrue(can.slots() >= slots, "the engine has fewer than " + slots + " slots");
    }

    private void assertRefused(Batch batch) {
        assertIllegal(() -> backend.step(batch));
    }

    private static void assertIllegal(ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    private static Batch batch(int slot, int position, int token) {
        Batch batch = new Batch();
        batch.add(slot, position, token, true);
        return batch;
    }

    /** Feeds tokens where the slot goes on; the logits of the last. */
    private float[] feed(int slot, int... tokens) {
        Batch batch = new Batch();
        int position = backend.length(slot);
        for (int i = 0; i < tokens.length; i++) {
            batch.add(slot, position + i, tokens[i], i == tokens.length - 1);
        }
        return read(backend.step(batch), 0);
    }

    private float[] read(Logits logits, int row) {
        float[] values = new float[can.vocabularySize()];
        logits.read(row, values);
        return values;
    }

    private int[] ids(int seed, int count) {
        return new Random(seed).ints(count, 1, can.vocabularySize()).toArray();
    }

    private static int[] append(int[] ids, int id) {
        int[] longer = Arrays.copyOf(ids, ids.length + 1);
        longer[ids.length] = id;
        return longer;
    }
}
