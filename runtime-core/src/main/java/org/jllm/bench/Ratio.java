package org.jllm.bench;

import java.util.List;

/**
 * One figure as a multiple of another that was measured beside it.
 *
 * @param name for people
 * @param rounds the ratio in each round
 */
public record Ratio(String name, Series figure, Series reference, List<Double> rounds) {
    /** The middle of the rounds. */
    public double median() {
        return Median.of(rounds.stream().mapToDouble(Double::doubleValue));
    }
}
