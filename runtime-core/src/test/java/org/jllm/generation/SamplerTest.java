package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jllm.api.EngineException;
import org.jllm.api.GenerationOptions;
import org.jllm.api.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final float MASKED = Float.NEGATIVE_INFINITY;

    private static GenerationOptions options(
            double temperature, @Nullable Integer topK, @Nullable Double topP, @Nullable Double minP) {
        return new GenerationOptions(temperature, topK, topP, minP, null, null, null, null, 42L, null, null);
    }

    private static GenerationOptions penalties(
            @Nullable Double repeat, @Nullable Double presence, @Nullable Double frequency) {
        return new GenerationOptions(0.0, null, null, null, repeat, presence, frequency, null, null, null, null);
    }

    private static GenerationOptions bias(double temperature, Map<Integer, Double> bias) {
        return new GenerationOptions(temperature, null, null, null, null, null, null, bias, 1L, null, null);
    }

    private static int greedy(float... logits) {
        return new Sampler(GenerationOptions.temperature(0), logits.length).sample(logits);
    }

    private static int[] counts(GenerationOptions options, int draws, float... logits) {
        Sampler sampler = new Sampler(options, logits.length);
        int[] counts = new int[logits.length];
        for (int i = 0; i < draws; i++) {
            counts[sampler.sample(logits.clone())]++;
        }
        return counts;
    }

    private static Set<Integer> support(GenerationOptions options, float... logits) {
        int[] counts = counts(options, 2000, logits);
        Set<Integer> ids = new TreeSet<>();
        for (int id = 0; id < counts.length; id++) {
            if (counts[id] > 0) {
                ids.add(id);
            }
        }
        return ids;
    }

    @Test
    void temperatureZeroTakesTheGreatestAndTheLowestIdAmongEquals() {
        assertThat(greedy(1, 3, 2)).isEqualTo(1);
        assertThat(greedy(1, 3, 3)).isEqualTo(1);
        assertThat(greedy(MASKED, MASKED, -5)).isEqualTo(2);
        assertThat(greedy(1, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(greedy(0)).isZero();
    }

    @Test
    void followsTheSoftmaxAtEachTemperature() {
        float[] logits = {1, 2, 0, -1, 3, MASKED};
        for (double temperature : new double[] {0.5, 1, 2}) {
            double[] weights = new double[logits.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = Math.exp(logits[i] / temperature);
            }
            double whole = Arrays.stream(weights).sum();
            int draws = 50_000;
            int[] counts = counts(options(temperature, null, null, null), draws, logits);
            double chiSquare = 0;
            for (int i = 0; i < 5; i++) {
                double expected = draws * weights[i] / whole;
                chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
            }
            // 4 degrees of freedom: p = 0.0001.
            assertThat(chiSquare).as("at %s", temperature).isLessThan(23.5);
            assertThat(counts[5]).isZero();
        }
    }

    @Test
    void defaultTemperatureIsSevenTenths() {
        GenerationOptions said = new GenerationOptions(null, null, null, null, null, null, null, null, 42L, null, null);
        assertThat(counts(said, 500, 1, 2, 3)).isEqualTo(counts(options(0.7, null, null, null), 500, 1, 2, 3));
    }

    @Test
    void topKKeepsExactlyK() {
        assertThat(support(options(1, 2, null, null), 1, 1, 1, 1)).containsExactly(0, 1);
        assertThat(support(options(1, 2, null, null), 0, 2, 1, 0)).containsExactly(1, 2);
        assertThat(support(options(1, 1, null, null), 0, 2, 2, 0)).containsExactly(1);
        assertThat(support(options(1, 0, null, null), 0, 0, 0)).containsExactly(0, 1, 2);
        assertThat(support(options(1, 99, null, null), 0, 0, MASKED)).containsExactly(0, 1);
    }

    @Test
    void topPKeepsTheSmallestSetThatReachesP() {
        assertThat(support(options(1, null, 0.5, null), 0, 0, 0, 0)).containsExactly(0, 1);
        assertThat(support(options(1, null, 0.5000001, null), 0, 0, 0, 0)).containsExactly(0, 1, 2);
        assertThat(support(options(1, null, 0.75, null), 0, 0, 0, 0)).containsExactly(0, 1, 2);
        assertThat(support(options(1, null, 1e-300, null), 0, 0, 5, 0)).containsExactly(2);
        assertThat(support(options(1, null, 1.0, null), 0, 0, 0)).containsExactly(0, 1, 2);
        // The shares of ten equal tokens are exact.
        assertThat(support(options(1, null, 0.3, null), new float[10])).containsExactly(0, 1, 2);
        assertThat(support(options(1, null, 0.7, null), new float[10])).containsExactly(0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void topPCountsWhatTopKLeft() {
        assertThat(support(options(1, 2, 0.5, null), 0, 0, 0, 0)).containsExactly(0);
    }

    @Test
    void topPComesAfterTemperature() {
        // e^4 : 1 at temperature 1 is 98 %, at temperature 4 it is 73 %.
        assertThat(support(options(1, null, 0.9, null), 4, 0)).containsExactly(0);
        assertThat(support(options(4, null, 0.9, null), 4, 0)).containsExactly(0, 1);
    }

    @Test
    void minPIsAShareOfTheBest() {
        float half = (float) Math.log(0.5);
        assertThat(support(options(1, null, null, 0.4), 0, half, -3)).containsExactly(0, 1);
        assertThat(support(options(1, null, null, 0.6), 0, half, -3)).containsExactly(0);
        assertThat(support(options(1, null, null, 1.0), 2, 2, 1)).containsExactly(0, 1);
    }

    /** A sort of the whole vocabulary gives the same sets. */
    @Test
    void filtersEqualAFullSort() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            float[] logits = new float[1 + random.nextInt(40)];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = random.nextInt(8) == 0 ? MASKED : random.nextInt(12) / 3f;
            }
            logits[random.nextInt(logits.length)] = 1;
            int k = random.nextInt(12);
            double p = 0.05 + 0.9 * random.nextDouble();
            assertThat(filtered(logits, k, p)).isEqualTo(sorted(logits, k, p));
        }
    }

    /** The same of a vocabulary that is as large as some are, with and without masked tokens, peaked and flat. */
    @Test
    void filtersOfALargeVocabularyEqualAFullSort() {
        Random random = new Random(8);
        for (double deviation : new double[] {3, 0.1}) {
            for (boolean masks : new boolean[] {false, true}) {
                float[] logits = new float[20_000];
                for (int i = 0; i < logits.length; i++) {
                    logits[i] = masks && random.nextInt(3) == 0 ? MASKED : (float) (deviation * random.nextGaussian());
                }
                for (double p : new double[] {0.01, 0.5, 0.9, 0.999}) {
                    assertThat(kept(logits, 0, p)).isEqualTo(sorted(logits, 0, p));
                    assertThat(kept(logits, 100, p)).isEqualTo(sorted(logits, 100, p));
                }
                // A share that is never reached.
                assertThat(kept(logits, 5000, 2)).isEqualTo(sorted(logits, 5000, 2));
            }
        }
    }

    /** Of tokens that min-p leaves out none is drawn, and of those that it keeps the least is. */
    @Test
    void minPAloneCutsWhereTheWeightsDo() {
        float[] logits = new float[5000];
        Arrays.fill(logits, -1000);
        double temperature = 0.7;
        logits[17] = 2;
        logits[4321] = (float) (2 + temperature * (Math.log(0.25) + 1e-6));
        logits[4999] = (float) (2 + temperature * (Math.log(0.25) - 1e-6));
        assertThat(support(options(temperature, null, null, 0.25), logits)).containsExactly(17, 4321);
        assertThat(support(options(temperature, 2, null, 0.25), logits)).containsExactly(17, 4321);
        assertThat(support(options(temperature, null, 0.9999, 0.25), logits)).containsExactly(17, 4321);
    }

    private static Set<Integer> kept(float[] logits, int k, double p) {
        return IntStream.of(candidates(logits, k, p).ids()).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    /** Every token that is left has a share of more than 1/5000 here. */
    private static Set<Integer> filtered(float[] logits, int k, double p) {
        Candidates candidates = candidates(logits, k, p);
        Set<Integer> ids = new TreeSet<>();
        for (int point = 0; point < 5000; point++) {
            ids.add(candidates.draw(point / 5000.0));
        }
        return ids;
    }

    /** What top-k, 0 for none, and top-p leave. */
    private static Candidates candidates(float[] logits, int k, double p) {
        Candidates candidates = new Candidates(logits.length);
        candidates.fill(logits, logits.length);
        if (k > 0) {
            candidates.keepBest(k);
        }
        float greatest = MASKED;
        for (float logit : logits) {
            greatest = Math.max(greatest, logit);
        }
        candidates.weigh(greatest, 1);
        if (p < 1) {
            candidates.keepNucleus(p);
        }
        return candidates;
    }

    private static Set<Integer> sorted(float[] logits, int k, double p) {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] > MASKED) {
                ids.add(i);
            }
        }
        ids.sort((a, b) -> logits[a] != logits[b] ? Float.compare(logits[b], logits[a]) : a - b);
        List<Integer> best = ids.subList(0, k == 0 ? ids.size() : Math.min(k, ids.size()));
        double whole = best.stream().mapToDouble(id -> Math.exp(logits[id])).sum();
        Set<Integer> kept = new TreeSet<>();
        double sum = 0;
        for (int id : best) {
            kept.add(id);
            sum += Math.exp(logits[id]);
            if (sum / whole >= p) {
                break;
            }
        }
        return kept;
    }

    @Test
    void repetitionPenaltyDividesPositiveAndMultipliesNegativeOnceForEachToken() {
        Sampler sampler = new Sampler(penalties(2.0, null, null), 3);
        sampler.prompt(new int[] {0, 0, 0});
        assertThat(sampler.sample(new float[] {4, 1.9f, 0})).isEqualTo(0);
        sampler = new Sampler(penalties(2.0, null, null), 3);
        sampler.prompt(new int[] {0, 0, 0});
        assertThat(sampler.sample(new float[] {4, 2.1f, 0})).isEqualTo(1);
        assertThat(sampler.sample(new float[] {-1, -1.5f, -1.9f})).isEqualTo(2);
    }

    @Test
    void presenceAndFrequencyCountGeneratedTokensOnly() {
        Sampler sampler = new Sampler(penalties(null, 1.0, 0.5), 2);
        sampler.prompt(new int[] {0, 0, 0, 0});
        assertThat(sampler.sample(new float[] {1, 0.9f})).isEqualTo(0);
        // 1 - 1 - 0.5
        assertThat(sampler.sample(new float[] {1, -0.49f})).isEqualTo(1);
        // 1 - 1 - 0.5 against x - 1 - 0.5
        assertThat(sampler.sample(new float[] {1, 0.99f})).isEqualTo(0);
        // 1 - 1 - 2 * 0.5 against x - 1 - 0.5
        assertThat(sampler.sample(new float[] {1, 0.6f})).isEqualTo(1);
        assertThat(sampler.sample(new float[] {1, 1.01f})).isEqualTo(1);
    }

    @Test
    void biasIsAddedAndAHundredBansOrForces() {
        assertThat(new Sampler(bias(0, Map.of(1, 2.0)), 2).sample(new float[] {1, -0.5f}))
                .isEqualTo(1);
        assertThat(new Sampler(bias(0, Map.of(0, -100.0)), 2).sample(new float[] {1e6f, 0}))
                .isEqualTo(1);
        assertThat(new Sampler(bias(0, Map.of(1, 100.0)), 3).sample(new float[] {1e6f, 0, 5}))
                .isEqualTo(1);
        assertThat(support(bias(100, Map.of(1, 100.0, 3, 100.0, 4, 50.0)), 9, 0, 9, 0, 9, 9))
                .containsExactly(1, 3);
        assertThat(support(bias(100, Map.of(1, -100.0)), 0, 9, 0)).containsExactly(0, 2);
        // A masked token cannot be forced.
        assertThat(new Sampler(bias(0, Map.of(1, 100.0)), 2).sample(new float[] {0, MASKED}))
                .isEqualTo(0);
        assertThatThrownBy(() -> new Sampler(bias(0, Map.of(0, -100.0)), 2).sample(new float[] {0, MASKED}))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> new Sampler(bias(0, Map.of(2, 1.0)), 2))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("logit_bias names token 2, but the model's tokens are 0 to 1");
    }

    @Test
    void infinitiesAndNaN() {
        assertThat(support(options(1, null, 0.9, 0.1), 5, Float.POSITIVE_INFINITY, 7, Float.POSITIVE_INFINITY))
                .containsExactly(1, 3);
        assertThat(support(options(1e-300, null, 0.9, 0.1), 5, 6, 6)).containsExactly(1, 2);
        assertThat(support(options(1, null, null, null), Float.MAX_VALUE, -Float.MAX_VALUE))
                .containsExactly(0);
        for (double temperature : new double[] {0, 1}) {
            Sampler sampler = new Sampler(GenerationOptions.temperature(temperature), 2);
            assertThatThrownBy(() -> sampler.sample(new float[] {0, Float.NaN}))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("NaN for token 1");
            assertThatThrownBy(() -> sampler.sample(new float[] {MASKED, MASKED}))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("masked");
        }
        GenerationOptions tiny = penalties(1e-300, null, null);
        Sampler sampler = new Sampler(tiny, 2);
        sampler.prompt(new int[] {0, 1});
        assertThat(sampler.sample(new float[] {0, MASKED})).isZero();
    }

    @Test
    void theSeedDecides() {
        float[] logits = new float[1000];
        int[] first = draws(options(1, null, null, null), logits);
        assertThat(draws(options(1, null, null, null), logits)).isEqualTo(first);
        GenerationOptions other = new GenerationOptions(1.0, null, null, null, null, null, null, null, 43L, null, null);
        assertThat(draws(other, logits)).isNotEqualTo(first);
        assertThat(draws(GenerationOptions.temperature(1), logits)).isNotEqualTo(first);
    }

    private static int[] draws(GenerationOptions options, float[] logits) {
        Sampler sampler = new Sampler(options, logits.length);
        return IntStream.range(0, 20).map(i -> sampler.sample(logits.clone())).toArray();
    }
}
