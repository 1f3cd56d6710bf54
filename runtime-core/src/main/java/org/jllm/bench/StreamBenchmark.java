package org.jllm.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationResult;
import org.jllm.api.GenerationStream;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LanguageModel;
import org.jllm.api.Prompt;
import org.jllm.generation.Capabilities;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.LoadedModel;
import org.jllm.generation.SchedulerLimits;

/**
 * Speed of many texts at once: greedy continuations of random prompts, each of its own, computed together as the requests
 * of a server are. No token ends a text, so that all have the same length, and no tokenizer is needed.
 */
public final class StreamBenchmark implements AutoCloseable {
    private final LanguageModel model;
    private final int slots;
    private final long cachePositions;
    private final SplittableRandom random = new SplittableRandom(1);

    /**
     * One measurement.
     *
     * @param streams texts at once
     * @param promptTokens of each text
     * @param generatedTokens of each text
     * @param tokensPerSecond generated tokens of all texts together, from the first request to the last token, prefill
     *     included; median over the repetitions
     * @param streamTokensPerSecond tokens of one text after its first; median over all texts
     * @param timeToFirstTokenMillis median over all texts
     * @param slowestFirstTokenMillis the longest of them
     */
    public record Figures(
            int streams,
            int promptTokens,
            int generatedTokens,
            double tokensPerSecond,
            double streamTokensPerSecond,
            double timeToFirstTokenMillis,
            double slowestFirstTokenMillis) {}

    /**
     * Takes over the engine: closing this closes it.
     *
     * @param guesses most guessed tokens of a step; texts of random weights repeat themselves more than others do, so only
     *     without guesses are figures of models comparable
     */
    public StreamBenchmark(DecoderBackend backend, int guesses) {
        Capabilities capabilities = backend.capabilities();
        SchedulerLimits limits = SchedulerLimits.defaults().withGuesses(guesses);
        slots = Math.min(capabilities.slots(), limits.running());
        cachePositions = capabilities.cachePositions();
        model = new LoadedModel(
                "bench",
                backend,
                new LetterTokenizer(capabilities.vocabularySize()),
                Optional.empty(),
                GenerationOptions.temperature(0),
                Set.of(),
                limits);
    }

    /**
     * Measures after one run of one text that does not count.
     *
     * @param streams texts at once, at least 1 each
     * @param promptTokens of each text, at least 1
     * @param generatedTokens of each text, at least 2
     * @param repetitions at least 1
     * @return a measurement for each of {@code streams}
     * @throws InvalidRequestException if the context is too short for that, or so many texts cannot be computed at once
     */
    public List<Figures> run(List<Integer> streams, int promptTokens, int generatedTokens, int repetitions) {
        if (repetitions < 1) {
            throw new InvalidRequestException("a benchmark needs at least 1 repetition");
        }
        streams.forEach(count -> check(count, promptTokens, generatedTokens));
        round(1, promptTokens, generatedTokens);
        List<Figures> figures = new ArrayList<>();
        for (int count : streams) {
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < repetitions; i++) {
                rounds.add(round(count, promptTokens, generatedTokens));
            }
            figures.add(figures(count, rounds));
        }
        return figures;
    }

    /**
     * Measures once, without any preparation.
     *
     * @throws InvalidRequestException as {@link #run}
     */
    public Figures once(int streams, int promptTokens, int generatedTokens) {
        check(streams, promptTokens, generatedTokens);
        return figures(streams, List.of(round(streams, promptTokens, generatedTokens)));
    }

    private void check(int streams, int promptTokens, int generatedTokens) {
        if (streams < 1 || promptTokens < 1 || generatedTokens < 2) {
            throw new InvalidRequestException(
                    "a benchmark needs at least 1 stream, 1 prompt token and 2 generated tokens");
        }
        long tokens = (long) promptTokens + generatedTokens;
        if (tokens > model.contextLength()) {
            throw new InvalidRequestException(promptTokens + " prompt and " + generatedTokens
                    + " generated tokens do not fit into the context of " + model.contextLength());
        }
        if (streams > slots) {
            throw new InvalidRequestException(
                    "this model computes at most " + slots + " texts together, and not " + streams);
        }
        if (streams * tokens > cachePositions) {
            throw new InvalidRequestException(streams + " texts of " + tokens
                    + " tokens do not fit into the caches at once, which hold " + cachePositions
                    + ": allow more with --cache-bytes");
        }
    }

    private record Round(int promptTokens, int generatedTokens, double seconds, List<GenerationResult> results) {}

    private Round round(int count, int promptTokens, int generatedTokens) {
        GenerationOptions options =
                GenerationOptions.builder().maxTokens(generatedTokens).build();
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] ids = random.ints(promptTokens, 0, model.vocabularySize()).toArray();
            requests.add(GenerationRequest.of(new Prompt.Tokens(ids), options));
        }
        List<GenerationStream> running = new ArrayList<>();
        try {
            long start = System.nanoTime();
            for (GenerationRequest request : requests) {
                running.add(model.stream(request));
            }
            List<GenerationResult> results =
                    running.stream().map(GenerationStream::result).toList();
            return new Round(promptTokens, generatedTokens, (System.nanoTime() - start) / 1e9, results);
        } finally {
            running.forEach(GenerationStream::close);
        }
    }

    private static Figures figures(int count, List<Round> rounds) {
        List<GenerationResult> results =
                rounds.stream().flatMap(round -> round.results().stream()).toList();
        return new Figures(
                count,
                rounds.get(0).promptTokens(),
                rounds.get(0).generatedTokens(),
                Median.of(rounds.stream().mapToDouble(round -> tokens(round.results()) / round.seconds())),
                Median.of(results.stream().mapToDouble(StreamBenchmark::tokensPerSecondAfterTheFirst)),
                Median.of(results.stream().mapToDouble(result -> millis(result.timeToFirstToken()))),
                results.stream()
                        .mapToDouble(result -> millis(result.timeToFirstToken()))
                        .max()
                        .orElseThrow());
    }

    private static int tokens(List<GenerationResult> results) {
        return results.stream().mapToInt(GenerationResult::completionTokens).sum();
    }

    private static double tokensPerSecondAfterTheFirst(GenerationResult result) {
        Duration time = result.total().minus(result.timeToFirstToken());
        return (result.completionTokens() - 1) * 1e3 / millis(time);
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }

    @Override
    public void close() {
        model.close();
    }
}
