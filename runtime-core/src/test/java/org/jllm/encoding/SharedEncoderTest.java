package org.jllm.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.UnavailableException;
import org.junit.jupiter.api.Test;

/** Many callers of one encoder, which tells of each text its first id and its length. */
class SharedEncoderTest {
    private static final int MOST = 20;
    private static final Set<EncoderOutput> WANTED = EnumSet.of(EncoderOutput.MEAN);

    private final CountDownLatch begin = new CountDownLatch(1);
    private final List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());

    private final class Engine implements EncoderBackend {
        private boolean closed;

        @Override
        public EncoderCapabilities capabilities() {
            Set<EncoderOutput> outputs = EnumSet.of(EncoderOutput.MEAN, EncoderOutput.POOLED);
            return new EncoderCapabilities(outputs, 2, 1_000, 1, 64, 64, 0, 0, false, MOST, List.of(), null);
        }

        @Override
        public List<EncodedText> encode(List<EncoderInput> texts, Set<EncoderOutput> wanted) {
            try {
                begin.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            int tokens = texts.stream().mapToInt(EncoderInput::length).sum();
            assertThat(texts.size() == 1 || tokens <= MOST).isTrue();
            batches.add(texts.stream().map(text -> text.ids()[0]).toList());
            if (texts.stream().anyMatch(text -> text.ids()[0] == 13)) {
                throw new IllegalStateException("thirteen");
            }
            EncoderOutput output = wanted.iterator().next();
            return texts.stream()
                    .map(text -> new EncodedText(Map.of(output, new float[][] {{text.ids()[0], text.length()}})))
                    .toList();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final Engine engine = new Engine();
    private final SharedEncoder encoder = new SharedEncoder("test", engine);

    private static EncoderInput text(int first, int length) {
        int[] ids = new int[length];
        ids[0] = first;
        return EncoderInput.of(ids);
    }

    private CompletableFuture<List<EncodedText>> later(List<EncoderInput> texts, Set<EncoderOutput> wanted) {
        CompletableFuture<List<EncodedText>> result = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                result.complete(encoder.encode(texts, wanted));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        caller.setDaemon(true);
        caller.start();
        return result;
    }

    @Test
    void resultsComeInTheCallersOrder() {
        begin.countDown();
        List<EncoderInput> texts = IntStream.range(0, 40)
                .mapToObj(i -> text(100 + i, 1 + i * 7 % 23))
                .toList();
        List<EncodedText> results = encoder.encode(texts, WANTED);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(results.get(i).row(EncoderOutput.MEAN))
                    .containsExactly(100 + i, texts.get(i).length());
        }
        // Batches are full: what is left of none of them would hold the next text.
        int tokens = texts.stream().mapToInt(EncoderInput::length).sum();
        assertThat(batches).hasSizeLessThan(2 * tokens / MOST);
        encoder.close();
    }

    @Test
    void callersShareBatches() throws Exception {
        List<CompletableFuture<List<EncodedText>>> callers = new ArrayList<>();
        for (int caller = 1; caller <= 6; caller++) {
            int id = 100 * caller;
            callers.add(later(List.of(text(id, 5), text(id + 1, 3)), WANTED));
        }
        CompletableFuture<List<EncodedText>> other = later(List.of(text(700, 5)), EnumSet.of(EncoderOutput.POOLED));
        begin.countDown();
        for (int caller = 1; caller <= 6; caller++) {
            List<EncodedText> results = callers.get(caller - 1).get();
            assertThat(results.get(0).row(EncoderOutput.MEAN)).containsExactly(100 * caller, 5);
            assertThat(results.get(1).row(EncoderOutput.MEAN)).containsExactly(100 * caller + 1, 3);
        }
        assertThat(other.get().get(0).row(EncoderOutput.POOLED)).containsExactly(700, 5);
        Set<Integer> all = new HashSet<>();
        batches.forEach(all::addAll);
        assertThat(all).hasSize(13);
        encoder.close();
        assertThat(engine.closed).isTrue();
    }

    @Test
    void aBigRequestDoesNotHoldUpASmallOne() {
        EncodingQueue queue = new EncodingQueue(MOST);
        List<EncoderInput> big =
                IntStream.range(0, 100).mapToObj(i -> text(1, 5)).toList();
        queue.add(big, WANTED);
        queue.add(List.of(text(2, 9)), WANTED);
        EncodingQueue.Round round = take(queue);
        assertThat(round.texts().stream().map(text -> text.ids()[0])).containsExactly(1, 1, 2);
        queue.add(List.of(text(3, 5)), EnumSet.of(EncoderOutput.POOLED));
        assertThat(take(queue).texts()).hasSize(4);
        assertThat(take(queue).wanted()).isEqualTo(EnumSet.of(EncoderOutput.POOLED));
        assertThat(take(queue).texts()).hasSize(4);
    }

    private static EncodingQueue.Round take(EncodingQueue queue) {
        try {
            return queue.take().orElseThrow();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTextLongerThanABatchIsOneAlone() {
        begin.countDown();
        List<EncodedText> results = encoder.encode(List.of(text(1, 2), text(2, 50), text(3, 2)), WANTED);
        assertThat(results.get(1).row(EncoderOutput.MEAN)).containsExactly(2, 50);
        assertThat(batches).containsExactly(List.of(2), List.of(1, 3));
        encoder.close();
    }

    @Test
    void aFailureIsThatOfItsCallersOnly() {
        begin.countDown();
        assertThatThrownBy(() -> encoder.encode(List.of(text(13, 1)), WANTED))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("thirteen");
        assertThat(encoder.encode(List.of(text(14, 1)), WANTED)).hasSize(1);
        assertThatThrownBy(() -> encoder.encode(List.of(text(14, 65)), WANTED))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> encoder.encode(List.of(text(14, 1)), EnumSet.of(EncoderOutput.TEXT_LABELS)))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(encoder.encode(List.of(), WANTED)).isEmpty();
        encoder.close();
        encoder.close();
        assertThatThrownBy(() -> encoder.encode(List.of(text(14, 1)), WANTED)).isInstanceOf(UnavailableException.class);
    }
}
