package org.jllm.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jllm.bench.Contestant;
import org.jllm.bench.Measurements;
import org.jllm.bench.Measurements.Loading;
import org.jllm.bench.Ratio;
import org.jllm.bench.VectorBenchmark;

/**
 * What a comparison found.
 *
 * @param parameters numbers of the model
 * @param together whether all contestants stayed in memory
 * @param contestants in the order of their turns, at least one
 * @param vectors of the same sentences by the contestants' names; none where no vectors are made
 */
record ComparisonFigures(
        String model,
        long parameters,
        int rounds,
        boolean together,
        BenchMachine machine,
        List<? extends Contestant<?>> contestants,
        Measurements measurements,
        List<Ratio> ratios,
        Map<String, List<float[]>> vectors,
        List<LeftOut> leftOut) {
    private static final String REFERENCE = "float32";
    /** What Java and libtorch take, whatever the model. */
    private static final long PROGRAM_BYTES = 600_000_000;

    /** A contestant, or an engine, that could not take part. */
    record LeftOut(String contestant, String reason) {}

    /** The contestant that was loaded when there was nothing else in memory; empty where the system does not tell of memory. */
    Optional<Loading> first() {
        return measurements.loadings().stream()
                .limit(1)
                .filter(loading -> loading.residentAfter() > 0)
                .findFirst();
    }

    /** What a contestant that is alone in memory takes beyond what the program does. */
    double bytesPerNumber(Loading loading) {
        return (double) Math.max(0, loading.residentAfter() - PROGRAM_BYTES) / parameters;
    }

    /** The smallest cosine of a contestant's vectors to those in float32; empty where there are none as wide. */
    OptionalDouble cosine(String contestant) {
        Optional<List<float[]>> exact = contestants.stream()
                .filter(other -> other.type().equals(REFERENCE))
                .flatMap(other -> Optional.ofNullable(vectors.get(other.name())).stream())
                .findFirst();
        List<float[]> own = vectors.get(contestant);
        return exact.isEmpty()
                        || own == null
                        || own.get(0).length != exact.get().get(0).length
                ? OptionalDouble.empty()
                : OptionalDouble.of(VectorBenchmark.smallestCosine(own, exact.get()));
    }
}
