package org.jllm.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidRequestException;
import org.jllm.bench.Workload.Texts;
import org.junit.jupiter.api.Test;

/** Who is measured when, and what is held against what, with contestants that say what they do. */
class ComparisonTest {
    private static final Texts SHORT = new Texts(1, 8, 4);
    private static final Texts LONG = new Texts(1, 64, 4);
    private static final Texts MANY = new Texts(4, 8, 4);

    private final List<String> events = new ArrayList<>();
    /** Figures of a contestant in the order of its turns; what is not given is 1. */
    private final Map<String, List<Double>> figures = new HashMap<>();

    private Contestant<Texts> contestant(String engine, String type) {
        String name = engine + " " + type;
        return new Contestant<>(engine, type, () -> {
            events.add("load " + type);
            return new Contestant.Loaded<>() {
                @Override
                public void warmUp(Texts workload) {
                    events.add("warm " + type);
                }

                @Override
                public Map<Metric, Double> run(Texts workload) {
                    events.add(type + " " + workload.promptTokens());
                    List<Double> left = figures.getOrDefault(name, List.of());
                    if (left.size() > 1) {
                        figures.put(name, left.subList(1, left.size()));
                    }
                    double value = left.isEmpty() ? 1 : left.get(0);
                    if (Double.isNaN(value)) {
                        throw new EngineException("it failed");
                    }
                    return workload.streams() > 1
                            ? Map.of(Metric.TOGETHER_TOKENS_PER_SECOND, value)
                            : Map.of(
                                    Metric.PREFILL_TOKENS_PER_SECOND, value,
                                    Metric.DECODE_TOKENS_PER_SECOND, value,
                                    Metric.TOGETHER_TOKENS_PER_SECOND, value);
                }

                @Override
                public void close() {
                    events.add("close " + type);
                }
            };
        });
    }

    private static Measurements run(
            List<Contestant<Texts>> contestants, List<Texts> work, boolean together, int rounds) {
        return new Comparison<>(contestants, work, together, Duration.ZERO, step -> {}).run(rounds);
    }

    @Test
    void eachWorkloadIsDoneByAllBeforeTheNext() {
        run(List.of(contestant("E", "a"), contestant("E", "b")), List.of(SHORT, LONG), true, 2);
        assertThat(events)
                .containsExactly(
                        "load a", "warm a", "warm a", "load b", "warm b", "warm b", "a 8", "b 8", "a 64", "b 64", "a 8",
                        "b 8", "a 64", "b 64", "close a", "close b");
    }

    @Test
    void whatDoesNotFitTogetherIsLoadedForItsTurn() {
        Measurements measurements = run(List.of(contestant("E", "a"), contestant("E", "b")), List.of(SHORT), false, 2);
        assertThat(events)
                .containsExactly(
                        "load a", "warm a", "a 8", "close a", "load b", "warm b", "b 8", "close b", "load a", "warm a",
                        "a 8", "close a", "load b", "warm b", "b 8", "close b");
        assertThat(measurements.loadings())
                .extracting(Measurements.Loading::contestant)
                .containsExactly("E a", "E b");
    }

    @Test
    void ratiosAreThoseOfEachRound() {
        figures.put("E int8", List.of(10.0, 6.0, 100.0));
        figures.put("L Q8_0", List.of(5.0, 6.0, 25.0));
        List<Contestant<Texts>> contestants = List.of(contestant("E", "int8"), contestant("L", "Q8_0"));
        Measurements measurements = run(contestants, List.of(SHORT), true, 3);
        Ratio ratio = Ratios.of(contestants, List.of(SHORT), measurements).get(0);
        assertThat(ratio.name()).isEqualTo("decode after 8 tokens, E int8 against L Q8_0");
        assertThat(ratio.rounds()).containsExactly(2.0, 1.0, 4.0);
        assertThat(ratio.median()).isEqualTo(2);
        assertThat(measurements.median(ratio.figure())).isEqualTo(10);
        assertThat(measurements.median(ratio.reference())).isEqualTo(6);
    }

    @Test
    void figuresHaveTheSameOrderInEveryProcess() {
        assertThat(run(List.of(contestant("E", "a")), List.of(SHORT, LONG), true, 1)
                        .series())
                .extracting(Series::workload, Series::metric)
                .containsExactly(
                        tuple(SHORT, Metric.PREFILL_TOKENS_PER_SECOND),
                        tuple(SHORT, Metric.DECODE_TOKENS_PER_SECOND),
                        tuple(SHORT, Metric.TOGETHER_TOKENS_PER_SECOND),
                        tuple(LONG, Metric.PREFILL_TOKENS_PER_SECOND),
                        tuple(LONG, Metric.DECODE_TOKENS_PER_SECOND),
                        tuple(LONG, Metric.TOGETHER_TOKENS_PER_SECOND));
    }

    @Test
    void promptsAreHeldAgainstTheOtherEnginesBestType() {
        figures.put("L Q8_0", List.of(5.0));
        figures.put("L F16", List.of(7.0));
        List<Contestant<Texts>> contestants = List.of(
                contestant("E", "int8"),
                contestant("E", "bfloat16"),
                contestant("L", "Q8_0"),
                contestant("L", "BF16"),
                contestant("L", "F16"),
                contestant("L", "Q4_0"));
        List<Texts> work = List.of(SHORT, MANY);
        assertThat(Ratios.of(contestants, work, run(contestants, work, true, 1)))
                .extracting(Ratio::name)
                .containsExactly(
                        "decode after 8 tokens, E int8 against L Q8_0",
                        "decode after 8 tokens, E bfloat16 against L F16",
                        "decode after 8 tokens, E int8 against E bfloat16",
                        "prefill of 8 tokens, E int8 against L's best type, F16",
                        "prefill of 8 tokens, E bfloat16 against L's best type, F16",
                        "prefill of 8 tokens, E int8 against E bfloat16",
                        "4 streams together, E int8 against 1 stream",
                        "4 streams together, E bfloat16 against 1 stream",
                        "4 streams together, E int8 against L Q8_0",
                        "4 streams together, E bfloat16 against L F16",
                        "4 streams together, E int8 against E bfloat16");
    }

    @Test
    void aFailureClosesWhatWasLoaded() {
        figures.put("E b", List.of(Double.NaN));
        List<Contestant<Texts>> contestants = List.of(contestant("E", "a"), contestant("E", "b"));
        assertThatThrownBy(() -> run(contestants, List.of(SHORT), true, 1))
                .isInstanceOf(EngineException.class)
                .hasMessage("it failed");
        assertThat(events).endsWith("b 8", "close a", "close b");
        assertThatThrownBy(() -> run(contestants, List.of(SHORT), true, 0))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("1 round");
    }
}
