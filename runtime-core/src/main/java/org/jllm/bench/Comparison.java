package org.jllm.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.UnavailableException;
import org.jllm.bench.Contestant.Loaded;
import org.jllm.bench.Measurements.Loading;
import org.jllm.machine.ProcessMemory;

/**
 * Has contestants take turns: A B A B …, each workload by all of them before the next, so that what is compared was measured
 * under the same conditions.
 */
public final class Comparison<W extends Workload> {
    private final List<Contestant<W>> contestants;
    private final List<W> workloads;
    private final boolean together;
    private final Duration pause;
    private final Consumer<String> progress;

    /**
     * @param together whether all contestants stay in memory; else each is loaded afresh when its turn comes, and does all
     *     workloads of a round then
     * @param pause before a turn, in which threads of the engine before it come to rest
     * @param progress is told what comes next, for people
     */
    public Comparison(
            List<Contestant<W>> contestants,
            List<W> workloads,
            boolean together,
            Duration pause,
            Consumer<String> progress) {
        this.contestants = List.copyOf(contestants);
        this.workloads = List.copyOf(workloads);
        this.together = together;
        this.pause = pause;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @param rounds at least 1
     * @throws org.jllm.api.JllmException if a contestant cannot be loaded or fails
     */
    public Measurements run(int rounds) {
        if (rounds < 1 || contestants.isEmpty() || workloads.isEmpty()) {
            throw new InvalidRequestException("a comparison needs at least 1 contestant, 1 workload and 1 round");
        }
        Measurements measurements = new Measurements();
        if (together) {
            runTogether(rounds, measurements);
        } else {
            runApart(rounds, measurements);
        }
        return measurements;
    }

    private void runTogether(int rounds, Measurements measurements) {
        Map<Contestant<W>, Loaded<W>> loaded = new LinkedHashMap<>();
        try {
            for (Contestant<W> contestant : contestants) {
                loaded.put(contestant, load(contestant, measurements));
            }
            for (int round = 1; round <= rounds; round++) {
                progress.accept("round " + round + " of " + rounds);
                for (W workload : workloads) {
                    loaded.forEach((contestant, engine) -> turn(contestant, engine, workload, measurements));
                }
            }
        } finally {
            new ArrayList<>(loaded.values()).forEach(Loaded::close);
        }
    }

    private void runApart(int rounds, Measurements measurements) {
        for (int round = 1; round <= rounds; round++) {
            for (Contestant<W> contestant : contestants) {
                progress.accept("round " + round + " of " + rounds + ": " + contestant.name());
                try (Loaded<W> engine = load(contestant, measurements)) {
                    workloads.forEach(workload -> turn(contestant, engine, workload, measurements));
                }
            }
        }
    }

    private Loaded<W> load(Contestant<W> contestant, Measurements measurements) {
        progress.accept("loading " + contestant.name());
        long before = ProcessMemory.now().resident();
        long start = System.nanoTime();
        Loaded<W> engine = contestant.load().get();
        double seconds = (System.nanoTime() - start) / 1e9;
        try {
            workloads.forEach(engine::warmUp);
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
        long after = ProcessMemory.now().resident();
        measurements.add(new Loading(contestant.name(), seconds, before, after));
        return engine;
    }

    private void turn(Contestant<W> contestant, Loaded<W> engine, W workload, Measurements measurements) {
        rest();
        measurements.add(contestant.name(), workload, engine.run(workload));
    }

    private void rest() {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("the comparison was interrupted");
        }
    }
}
