package org.jllm.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What contestants did, round by round. Filled by one thread. */
public final class Measurements {
    private final Map<Series, List<Double>> rounds = new LinkedHashMap<>();
    private final List<Loading> loadings = new ArrayList<>();

    /**
     * How a contestant came into memory the first time, warmed up.
     *
     * @param residentBefore bytes of the process in memory, 0 where the system does not tell, as is the next
     * @param residentAfter of the first contestant these are its own and the program's
     */
    public record Loading(String contestant, double seconds, long residentBefore, long residentAfter) {}

    void add(String contestant, Workload workload, Map<Metric, Double> figures) {
        new TreeMap<>(figures)
                .forEach((metric, value) -> rounds.computeIfAbsent(
                                new Series(contestant, workload, metric), series -> new ArrayList<>())
                        .add(value));
    }

    void add(Loading loading) {
        if (loadings.stream().noneMatch(known -> known.contestant().equals(loading.contestant()))) {
            loadings.add(loading);
        }
    }

    /** In the order in which they were loaded. */
    public List<Loading> loadings() {
        return List.copyOf(loadings);
    }

    /** All that was measured, in the order of the first round, and the metrics of a turn in their own. */
    public List<Series> series() {
        return List.copyOf(rounds.keySet());
    }

    /** The figures of all rounds; none if it was not measured. */
    public List<Double> rounds(Series series) {
        return List.copyOf(rounds.getOrDefault(series, List.of()));
    }

    /** The median of the rounds; NaN if it was not measured. */
    public double median(Series series) {
        return Median.of(rounds(series).stream().mapToDouble(Double::doubleValue));
    }

    /**
     * One figure as a multiple of another, round by round.
     *
     * @param name for people
     */
    Ratio ratio(String name, Series figure, Series reference) {
        List<Double> above = rounds(figure);
        List<Double> below = rounds(reference);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < above.size(); i++) {
            ratios.add(above.get(i) / below.get(i));
        }
        return new Ratio(name, figure, reference, List.copyOf(ratios));
    }
}
