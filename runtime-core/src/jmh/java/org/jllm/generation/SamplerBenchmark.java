package org.jllm.generation;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationOptionsBuilder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Chooses one token from logits, which are copied as the scheduler copies them from the engine. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class SamplerBenchmark {
    private static final int PROMPT = 1000;

    @Param({"32000", "151936"})
    public int vocabulary = 0;

    /** Standard deviation of the logits: 3 is that of a trained model, of whose texts few tokens are probable; 0.5 is flat. */
    @Param({"3"})
    public double deviation = 0;

    @Param({"greedy", "temperature", "topK", "topP", "topKTopP", "minP", "penalties"})
    public String way = "";

    private float[] given = {};
    private float[] logits = {};
    private Sampler sampler = new Sampler(GenerationOptions.temperature(0), 1);

    @Setup
    public void prepare() {
        Random random = new Random(1);
        given = new float[vocabulary];
        for (int id = 0; id < vocabulary; id++) {
            given[id] = (float) (deviation * random.nextGaussian());
        }
        logits = new float[vocabulary];
        sampler = new Sampler(options(), vocabulary);
        sampler.prompt(random.ints(PROMPT, 0, vocabulary).toArray());
    }

    private GenerationOptions options() {
        GenerationOptionsBuilder options = GenerationOptions.builder().temperature(0.7).seed(1L);
        return (switch (way) {
                    case "greedy" -> options.temperature(0.0);
                    case "temperature" -> options;
                    case "topK" -> options.topK(40);
                    case "topP" -> options.topP(0.9);
                    case "topKTopP" -> options.topK(40).topP(0.95);
                    case "minP" -> options.minP(0.05);
                    case "penalties" -> options.repeatPenalty(1.1).presencePenalty(0.5).frequencyPenalty(0.5);
                    default -> throw new IllegalArgumentException(way);
                })
                .build();
    }

    @Benchmark
    public int sample() {
        System.arraycopy(given, 0, logits, 0, vocabulary);
        return sampler.sample(logits);
    }
}
