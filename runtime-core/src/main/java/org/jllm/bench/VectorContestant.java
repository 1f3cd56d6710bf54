package org.jllm.bench;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jllm.bench.Contestant.Loaded;
import org.jllm.bench.Workload.Sentences;

/**
 * A model that makes vectors of texts.
 *
 * @param benchmark closing this closes it
 * @param vectors takes those of the first sentences, to be compared with others'
 */
public record VectorContestant(VectorBenchmark benchmark, Consumer<List<float[]>> vectors)
        implements Loaded<Sentences> {
    /** Sentences whose vectors are compared. */
    public static final int COMPARED = 50;

    @Override
    public void warmUp(Sentences workload) {
        vectors.accept(benchmark.vectors(Math.min(workload.count(), COMPARED)));
        benchmark.warmUp(workload.count(), workload.batch());
    }

    @Override
    public Map<Metric, Double> run(Sentences workload) {
        return Map.of(
                Metric.SENTENCES_PER_SECOND,
                benchmark.once(workload.count(), workload.batch()).sentencesPerSecond());
    }

    @Override
    public void close() {
        benchmark.close();
    }
}
