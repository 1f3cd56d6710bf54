package org.jllm.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jllm.bench.Workload.Sentences;
import org.jllm.bench.Workload.Texts;

/**
 * Which figures of a comparison are held against each other. The first contestant's engine is the one that is looked at: its
 * types are compared with each other and with those of another engine, if there is one.
 */
public final class Ratios {
    /** Types of another engine that have as many bits a number. */
    private static final Map<String, List<String>> COUNTERPARTS =
            Map.of("int8", List.of("Q8_0"), "bfloat16", List.of("BF16", "F16"), "float32", List.of("F32"));

    private final Measurements measurements;
    private final List<Contestant<?>> own = new ArrayList<>();
    private final List<Contestant<?>> others = new ArrayList<>();
    private final List<Ratio> ratios = new ArrayList<>();

    private Ratios(List<? extends Contestant<?>> contestants, Measurements measurements) {
        this.measurements = measurements;
        String engine = contestants.get(0).engine();
        for (Contestant<?> contestant : contestants) {
            (contestant.engine().equals(engine) ? own : others).add(contestant);
        }
    }

    /**
     * The ratios.
     *
     * @param contestants at least one
     * @param workloads that all of them did
     */
    public static List<Ratio> of(
            List<? extends Contestant<?>> contestants, List<? extends Workload> workloads, Measurements measurements) {
        Ratios ratios = new Ratios(contestants, measurements);
        for (Workload workload : workloads) {
            if (workload instanceof Texts texts) {
                ratios.add(texts, workloads);
            } else if (workload instanceof Sentences sentences) {
                String what = "sentences, " + sentences.batch() + " at a time";
                ratios.withinEngine(what, sentences, Metric.SENTENCES_PER_SECOND);
                ratios.withCounterparts(what, sentences, Metric.SENTENCES_PER_SECOND);
            }
        }
        return List.copyOf(ratios.ratios);
    }

    private void add(Texts texts, List<? extends Workload> workloads) {
        if (texts.streams() == 1) {
            String decode = "decode after " + texts.promptTokens() + " tokens";
            withCounterparts(decode, texts, Metric.DECODE_TOKENS_PER_SECOND);
            withinEngine(decode, texts, Metric.DECODE_TOKENS_PER_SECOND);
            String prefill = "prefill of " + texts.promptTokens() + " tokens";
            withBest(prefill, texts);
            withinEngine(prefill, texts, Metric.PREFILL_TOKENS_PER_SECOND);
            return;
        }
        String together = texts.streams() + " streams together";
        Texts alone = new Texts(1, texts.promptTokens(), texts.generatedTokens());
        if (workloads.contains(alone)) {
            for (Contestant<?> contestant : own) {
                add(
                        together + ", " + contestant.name() + " against 1 stream",
                        new Series(contestant.name(), texts, Metric.TOGETHER_TOKENS_PER_SECOND),
                        new Series(contestant.name(), alone, Metric.TOGETHER_TOKENS_PER_SECOND));
            }
        }
        withCounterparts(together, texts, Metric.TOGETHER_TOKENS_PER_SECOND);
        withinEngine(together, texts, Metric.TOGETHER_TOKENS_PER_SECOND);
    }

    /** Each of the own types against those that come after it. */
    private void withinEngine(String what, Workload workload, Metric metric) {
        for (int i = 0; i < own.size(); i++) {
            for (int j = i + 1; j < own.size(); j++) {
                against(what, own.get(i), own.get(j).name(), own.get(j), workload, metric);
            }
        }
    }

    /** Each own type against the best of those that have as many bits a number. */
    private void withCounterparts(String what, Workload workload, Metric metric) {
        for (Contestant<?> contestant : own) {
            List<String> types = COUNTERPARTS.getOrDefault(contestant.type(), List.of());
            best(workload, metric, other -> types.contains(other.type()))
                    .ifPresent(other -> against(what, contestant, other.name(), other, workload, metric));
        }
    }

    private Optional<Contestant<?>> best(Workload workload, Metric metric, Predicate<Contestant<?>> eligible) {
        Comparator<Contestant<?>> speed =
                Comparator.comparingDouble(other -> measurements.median(new Series(other.name(), workload, metric)));
        return others.stream().filter(eligible).max(speed);
    }

    /** Prompts may be the business of another type than the texts' continuation: each own type against the best of the others. */
    private void withBest(String what, Texts texts) {
        Metric metric = Metric.PREFILL_TOKENS_PER_SECOND;
        best(texts, metric, other -> true)
                .ifPresent(best -> own.forEach(contestant -> against(
                        what, contestant, best.engine() + "'s best type, " + best.type(), best, texts, metric)));
    }

    private void against(
            String what,
            Contestant<?> contestant,
            String reference,
            Contestant<?> other,
            Workload workload,
            Metric metric) {
        add(
                what + ", " + contestant.name() + " against " + reference,
                new Series(contestant.name(), workload, metric),
                new Series(other.name(), workload, metric));
    }

    private void add(String name, Series figure, Series reference) {
        ratios.add(measurements.ratio(name, figure, reference));
    }
}
