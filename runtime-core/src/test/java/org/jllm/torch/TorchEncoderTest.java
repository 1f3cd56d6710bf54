package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jllm.api.LoadOptions;
import org.jllm.api.Similarity;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;
import org.jllm.encoding.Entities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an encoder owes its callers beside the right numbers. */
class TorchEncoderTest {
    private static final Set<EncoderOutput> STATES = EnumSet.of(EncoderOutput.HIDDEN_STATES, EncoderOutput.MEAN);

    private static EncoderBackend load(String model, String dtype) {
        return new TransformersLoader().loadEncoder(GoldenModel.folder(model), LoadOptions.ofDtype(dtype));
    }

    private static List<EncoderInput> texts(int count) {
        Random random = new Random(5);
        List<EncoderInput> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(EncoderInput.of(random.ints(1 + random.nextInt(20), 5, 97).toArray()));
        }
        return texts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert_mlm", "roberta_mlm", "albert_mlm", "roformer_rotary_value", "layoutlm_bbox"})
    void inCompanyAndAloneIsTheSame(String model) {
        List<EncoderInput> texts = texts(30);
        try (EncoderBackend backend = load(model, "float32")) {
            List<EncodedText> together = backend.encode(texts, STATES);
            assertThat(together).hasSize(texts.size());
            for (int i = 0; i < texts.size(); i++) {
                EncodedText alone =
                        backend.encode(List.of(texts.get(i)), STATES).get(0);
                float[][] rows = alone.rows(EncoderOutput.HIDDEN_STATES);
                assertThat(rows).hasNumberOfRows(texts.get(i).length());
                for (int row = 0; row < rows.length; row++) {
                    assertThat(together.get(i).rows(EncoderOutput.HIDDEN_STATES)[row])
                            .containsExactly(rows[row], within(1e-4f));
                }
                assertThat(together.get(i).row(EncoderOutput.MEAN))
                        .containsExactly(alone.row(EncoderOutput.MEAN), within(1e-4f));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bfloat16", "float16"})
    void halfPrecisionPointsTheSameWay(String dtype) {
        List<EncoderInput> texts = texts(20);
        try (EncoderBackend exact = load("bert_mlm", "float32");
                EncoderBackend half = load("bert_mlm", dtype)) {
            List<EncodedText> wanted = exact.encode(texts, STATES);
            List<EncodedText> computed = half.encode(texts, STATES);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(Similarity.cosine(
                                wanted.get(i).row(EncoderOutput.MEAN),
                                computed.get(i).row(EncoderOutput.MEAN)))
                        .isGreaterThan(0.999);
            }
        }
    }

    @Test
    void onlyThePositionsThatWereAskedForHaveLogits() {
        Set<EncoderOutput> wanted = EnumSet.of(EncoderOutput.MASKED_LM);
        EncoderInput none = EncoderInput.of(new int[] {2, 3});
        EncoderInput two = EncoderInput.of(new int[] {2, 4, 9, 4, 3}).asking(3, 1);
        try (EncoderBackend backend = load("bert_mlm", "float32")) {
            List<EncodedText> results = backend.encode(List.of(two, none), wanted);
            assertThat(results.get(0).rows(EncoderOutput.MASKED_LM)).hasDimensions(2, 97);
            assertThat(results.get(1).rows(EncoderOutput.MASKED_LM)).isEmpty();
            float[] last = backend.encode(List.of(two.asking(3)), wanted).get(0).row(EncoderOutput.MASKED_LM);
            assertThat(results.get(0).rows(EncoderOutput.MASKED_LM)[0]).containsExactly(last, within(1e-4f));
            assertThatThrownBy(() -> results.get(0).rows(EncoderOutput.MEAN)).hasMessageContaining("not asked for");
        }
    }

    static Stream<EncoderInput> misfits() {
        EncoderInput text = EncoderInput.of(new int[] {2, 9, 3});
        return Stream.of(
                EncoderInput.of(new int[0]),
                EncoderInput.of(new int[65]),
                EncoderInput.of(new int[] {97}),
                EncoderInput.of(new int[] {-1}),
                text.withTypes(new int[] {0, 2, 0}),
                text.withTypes(new int[] {0, 0}),
                text.withPositions(new int[] {0, 64, 1}),
                text.withPositions(new int[] {0, -1, 1}),
                text.asking(3),
                text.asking(-1),
                text.withPadding(-1),
                text.withPadding(62),
                text.withBoxes(new int[3][4]),
                text.withEntities(new Entities(new int[] {1}, new int[][] {{0}}, new int[] {0})));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void whatDoesNotFitNeverReachesLibtorch(EncoderInput text) {
        try (EncoderBackend backend = load("bert_mlm", "float32")) {
            assertThatThrownBy(() -> backend.encode(List.of(text), STATES))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void boxesHaveToBeOnThePage() {
        EncoderInput text = EncoderInput.of(new int[] {2});
        try (EncoderBackend backend = load("layoutlm_bbox", "float32")) {
            for (int[] box : new int[][] {{0, 0, 64, 1}, {-1, 0, 1, 1}, {3, 0, 2, 1}, {0, 3, 1, 2}, {1, 2, 3}}) {
                assertThatThrownBy(() -> backend.encode(List.of(text.withBoxes(new int[][] {box})), STATES))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("box");
            }
        }
    }

    @Test
    void batchesHaveAnEnd() {
        EncoderBackend backend = load("bert_mlm", "float32");
        int most = backend.capabilities().maxBatchTokens();
        List<EncoderInput> many = texts(most);
        assertThatThrownBy(() -> backend.encode(many, STATES)).hasMessageContaining("more than the " + most);
        assertThatThrownBy(() -> backend.encode(List.of(), STATES)).isInstanceOf(IllegalArgumentException.class);
        Set<EncoderOutput> other = EnumSet.of(EncoderOutput.TEXT_LABELS);
        assertThatThrownBy(() -> backend.encode(texts(1), other)).hasMessageContaining("not all of [TEXT_LABELS]");
        backend.close();
        backend.close();
        assertThatThrownBy(() -> backend.encode(texts(1), STATES)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nothingNativeIsLeft() {
        long before = LibTorch.get().liveHandles();
        try (EncoderBackend backend = load("bert_seqcls", "float32")) {
            backend.encode(texts(3), STATES);
            long loaded = LibTorch.get().liveHandles();
            backend.encode(texts(9), STATES);
            assertThat(LibTorch.get().liveHandles()).isEqualTo(loaded);
        }
        assertThat(LibTorch.get().liveHandles()).isEqualTo(before);
    }
}
