package org.jllm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidRequestException;
import org.jllm.evaluation.StubDecoder.Row;
import org.junit.jupiter.api.Test;

/** What is fed and how it is counted, on a decoder whose logits are known. */
class PerplexityTest {
    private static final float[] LOGITS = {0, (float) Math.log(2), (float) Math.log(3), (float) Math.log(4)};
    private static final int[] IDS = {0, 1, 2, 3, 3, 2, 1, 0};

    private static PerplexityFigures measure(StubDecoder model, Windows windows, int... ids) {
        return new Perplexity(model, windows).measure(ids, fraction -> {});
    }

    @Test
    void isTheMeanOfWhatEveryTokenCosts() {
        StubDecoder model = new StubDecoder(8, 8, LOGITS);
        PerplexityFigures figures = measure(model, new Windows(4, 2), IDS);
        // Probabilities of 0.1, 0.2, 0.3 and 0.4: the first token is not predicted.
        double loss = -(2 * Math.log(0.2) + 2 * Math.log(0.3) + 2 * Math.log(0.4) + Math.log(0.1));
        assertThat(figures.tokens()).isEqualTo(7);
        assertThat(figures.windows()).isEqualTo(3);
        assertThat(figures.negativeLogLikelihood()).isCloseTo(loss / 7, within(1e-7));
        assertThat(figures.perplexity()).isCloseTo(Math.exp(loss / 7), within(1e-6));
        assertThat(figures.bitsPer(10)).isCloseTo(loss / Math.log(2) / 10, within(1e-7));
        assertThat(figures.seconds()).isPositive();
        assertThat(figures.tokensPerSecond()).isEqualTo(7 / figures.seconds());
        assertThat(figures.divergence()).isNull();
        assertThat(model.openSlots()).isZero();
    }

    @Test
    void everyWindowBeginsAnewAndGivesWhatTheOthersDidNotReach() {
        StubDecoder model = new StubDecoder(8, 8, LOGITS);
        measure(model, new Windows(4, 3), IDS);
        assertThat(model.fed)
                .containsExactly(
                        new Row(0, 0, true),
                        new Row(1, 1, true),
                        new Row(2, 2, true),
                        new Row(3, 3, true),
                        new Row(0, 3, false),
                        new Row(1, 3, true),
                        new Row(2, 2, true),
                        new Row(3, 1, true));
    }

    @Test
    void stepsAreAsLargeAsTheEngineAndTheRoomForLogitsAllow() {
        Windows windows = new Windows(7, 2);
        int[] ids = {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3};
        StubDecoder whole = new StubDecoder(8, 8, LOGITS);
        PerplexityFigures wanted = measure(whole, windows, ids);
        for (int rows = 1; rows <= 8; rows++) {
            for (long logitBytes : new long[] {1, 32, 1024}) {
                StubDecoder model = new StubDecoder(8, rows, LOGITS);
                Perplexity perplexity = new Perplexity(model, null, windows, logitBytes);
                PerplexityFigures figures = perplexity.measure(ids, fraction -> {});
                assertThat(figures.negativeLogLikelihood()).isEqualTo(wanted.negativeLogLikelihood());
                assertThat(model.fed).isEqualTo(whole.fed);
            }
        }
    }

    @Test
    void comparesWithAReference() {
        StubDecoder model = new StubDecoder(8, 8, 0, 0, 0, 0);
        StubDecoder reference = new StubDecoder(8, 3, LOGITS);
        Divergence divergence = new Perplexity(model, reference, new Windows(4, 2))
                .measure(IDS, fraction -> {})
                .divergence();
        double[] probabilities = {0.1, 0.2, 0.3, 0.4};
        double expected =
                Arrays.stream(probabilities).map(p -> p * Math.log(p / 0.25)).sum();
        assertThat(divergence).isNotNull();
        assertThat(divergence.mean()).isCloseTo(expected, within(1e-7));
        assertThat(divergence.largest()).isCloseTo(expected, within(1e-7));
        assertThat(divergence.sameTop()).isZero();
        assertThat(divergence.referenceNegativeLogLikelihood())
                .isEqualTo(measure(new StubDecoder(8, 8, LOGITS), new Windows(4, 2), IDS)
                        .negativeLogLikelihood());
        assertThat(divergence.referencePerplexity()).isEqualTo(Math.exp(divergence.referenceNegativeLogLikelihood()));
        assertThat(model.fed).isEqualTo(reference.fed);
        assertThat(model.openSlots() + reference.openSlots()).isZero();
    }

    @Test
    void whatTheReferenceRulesOutCountsNothing() {
        float never = Float.NEGATIVE_INFINITY;
        StubDecoder model = new StubDecoder(8, 8, 0, 0, never);
        StubDecoder reference = new StubDecoder(8, 8, 0, 0, never);
        Divergence same = new Perplexity(model, reference, new Windows(4, 2))
                .measure(new int[] {0, 1, 0}, fraction -> {})
                .divergence();
        assertThat(same).isNotNull();
        assertThat(same.mean()).isZero();
        assertThat(same.sameTop()).isOne();
        Divergence endless = new Perplexity(
                        new StubDecoder(8, 8, 0, never, 0), new StubDecoder(8, 8, 0, 0, 0), new Windows(4, 2))
                .measure(new int[] {0, 0, 0}, fraction -> {})
                .divergence();
        assertThat(endless).isNotNull();
        assertThat(endless.mean()).isInfinite();
    }

    @Test
    void tellsHowFarItIs() {
        List<Double> heard = new ArrayList<>();
        new Perplexity(new StubDecoder(8, 3, LOGITS), new Windows(4, 2)).measure(IDS, heard::add);
        assertThat(heard).isSorted().endsWith(1.0).hasSizeGreaterThan(3);
        StubDecoder cancelled = new StubDecoder(8, 3, LOGITS);
        assertThatThrownBy(() -> new Perplexity(cancelled, new Windows(4, 2)).measure(IDS, fraction -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");
        assertThat(cancelled.openSlots()).isZero();
    }

    @Test
    void refusesWhatCannotBeMeasured() {
        Windows windows = new Windows(4, 2);
        assertThatThrownBy(() -> measure(new StubDecoder(8, 8, LOGITS), windows, 1))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("the text has 1 token: it takes 2 to have one predicted");
        assertThatThrownBy(() -> measure(new StubDecoder(8, 8, LOGITS), windows))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("the text has 0 tokens");
        for (int id : new int[] {-1, 4}) {
            assertThatThrownBy(() -> measure(new StubDecoder(8, 8, LOGITS), windows, 0, id))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("token " + id + ", but the model only those below 4");
        }
        assertThatThrownBy(() -> measure(new StubDecoder(3, 8, LOGITS), windows, IDS))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("windows of 4 tokens are longer than the context of the model, which is 3");
        StubDecoder model = new StubDecoder(8, 8, LOGITS);
        assertThatThrownBy(() -> new Perplexity(model, new StubDecoder(3, 8, LOGITS), windows))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("the context of the reference, which is 3");
        assertThatThrownBy(() -> new Perplexity(model, new StubDecoder(8, 8, 0, 0, 0), windows))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("the model has a vocabulary of 4 tokens, the reference of 3: only models with the same"
                        + " vocabulary can be compared");
        assertThatThrownBy(() -> new Perplexity(new StubDecoder(true, 8, 8, LOGITS), windows))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("the model answers to another text");
    }

    @Test
    void logitsThatAreNoNumbersAreAnError() {
        Windows windows = new Windows(4, 2);
        StubDecoder good = new StubDecoder(8, 8, LOGITS);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            StubDecoder broken = new StubDecoder(8, 8, 0, bad, 0, 0);
            assertThatThrownBy(() -> measure(broken, windows, IDS))
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("the logits of the model for token 1 of the text are not all numbers");
            assertThatThrownBy(() -> new Perplexity(good, broken, windows).measure(IDS, fraction -> {}))
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("the logits of the reference");
            assertThat(broken.openSlots() + good.openSlots()).isZero();
        }
    }
}
