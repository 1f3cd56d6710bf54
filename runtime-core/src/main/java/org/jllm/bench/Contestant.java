package org.jllm.bench;

import java.util.Map;
import java.util.function.Supplier;

/**
 * A model in one form on one engine, to be measured in turn with others.
 *
 * @param engine for people, such as {@code llama.cpp}
 * @param type of its numbers, such as {@code int8}
 * @param load brings it into memory
 */
public record Contestant<W extends Workload>(String engine, String type, Supplier<Loaded<W>> load) {
    /** Both in words: no two contestants of a comparison have the same. */
    public String name() {
        return engine + " " + type;
    }

    /** A contestant that is in memory. Used by one thread. */
    public interface Loaded<W extends Workload> extends AutoCloseable {
        /** Runs a workload for a moment, so that nothing is done for the first time when it counts. */
        void warmUp(W workload);

        /** Runs a workload once. */
        Map<Metric, Double> run(W workload);

        @Override
        void close();
    }
}
