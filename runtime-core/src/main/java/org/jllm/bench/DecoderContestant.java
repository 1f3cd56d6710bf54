package org.jllm.bench;

import java.util.Map;
import org.jllm.bench.Contestant.Loaded;
import org.jllm.bench.Workload.Texts;
import org.jllm.generation.DecoderBackend;

/** A model that continues texts, measured as a user has it: through the scheduler and its sampler. */
public final class DecoderContestant implements Loaded<Texts> {
    private static final int FEW = 2;

    private final StreamBenchmark benchmark;

    /** Takes over the engine: closing this closes it. */
    public DecoderContestant(DecoderBackend backend) {
        benchmark = new StreamBenchmark(backend, 0);
    }

    @Override
    public void warmUp(Texts workload) {
        benchmark.once(workload.streams(), workload.promptTokens(), FEW);
    }

    @Override
    public Map<Metric, Double> run(Texts workload) {
        StreamBenchmark.Figures figures =
                benchmark.once(workload.streams(), workload.promptTokens(), workload.generatedTokens());
        double together = figures.tokensPerSecond();
        return workload.streams() > 1
                ? Map.of(Metric.TOGETHER_TOKENS_PER_SECOND, together)
                : Map.of(
                        Metric.PREFILL_TOKENS_PER_SECOND,
                        workload.promptTokens() * 1e3 / figures.timeToFirstTokenMillis(),
                        Metric.DECODE_TOKENS_PER_SECOND,
                        figures.streamTokensPerSecond(),
                        Metric.TOGETHER_TOKENS_PER_SECOND,
                        together);
    }

    @Override
    public void close() {
        benchmark.close();
    }
}
