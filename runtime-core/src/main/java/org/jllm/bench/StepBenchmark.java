package org.jllm.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.LanguageModel;
import org.jllm.api.Prompt;
import org.jllm.api.RunningGeneration;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.LoadedModel;
import org.jllm.generation.SchedulerLimits;
import org.jllm.tokenizer.Tokenizer;

/**
 * What the time of a step goes to that continues texts by a token each: the native call, and the parts around it. The engine,
 * the tokenizer and the readers of the texts are wrapped in ones that look at the clock, so that nothing is measured, and
 * nothing costs, where this is not used. Texts continue random prompts, sampled at the default temperature, to their full
 * length, without guesses.
 */
public final class StepBenchmark implements AutoCloseable {
    private final TimedDecoder decoder;
    private final LanguageModel model;
    private final SplittableRandom random = new SplittableRandom(1);
    private StepClock clock = new StepClock();

    /**
     * One measurement.
     *
     * @param streams texts at once
     * @param steps that were measured: those that continue all texts and are followed by another such step
     * @param micros of a step for each part, the mean of all steps
     */
    public record Figures(int streams, long steps, Map<StepPart, Double> micros) {
        public Figures {
            micros = Map.copyOf(micros);
        }

        /** Microseconds of a whole step. */
        public double wholeMicros() {
            return micros.values().stream().mapToDouble(Double::doubleValue).sum();
        }

        /** Microseconds of a part. */
        public double micros(StepPart part) {
            return micros.getOrDefault(part, 0.0);
        }

        /** The part of a step, 0 to 1, that is not the native call. */
        public double outsideShare() {
            return 1 - micros(StepPart.NATIVE) / wholeMicros();
        }
    }

    /**
     * Takes over the engine and the tokenizer: closing this closes them.
     *
     * @param tokenizer empty: one letter stands for each token
     */
    public StepBenchmark(DecoderBackend backend, Optional<Tokenizer> tokenizer) {
        decoder = new TimedDecoder(backend);
        Tokenizer texts = tokenizer.orElseGet(
                () -> new LetterTokenizer(backend.capabilities().vocabularySize()));
        model = new LoadedModel(
                "bench",
                decoder,
                new TimedTokenizer(texts, () -> clock),
                Optional.empty(),
                GenerationOptions.builder().build(),
                Set.of(),
                SchedulerLimits.defaults().withGuesses(0));
    }

    /**
     * Measures after one round of each that does not count.
     *
     * @param streams texts at once, at least 1 each
     * @param promptTokens of each text, at least 1
     * @param generatedTokens of each text, at least 3
     * @param repetitions at least 1
     * @return a measurement for each of {@code streams}
     * @throws InvalidRequestException if the context is too short for that, or the engine continues fewer texts at once
     */
    public List<Figures> run(List<Integer> streams, int promptTokens, int generatedTokens, int repetitions) {
        if (streams.stream().anyMatch(count -> count < 1)
                || promptTokens < 1
                || generatedTokens < 3
                || repetitions < 1) {
            throw new InvalidRequestException(
                    "steps need at least 1 stream, 1 prompt token, 3 generated tokens and 1 repetition");
        }
        if ((long) promptTokens + generatedTokens > model.contextLength()) {
            throw new InvalidRequestException(promptTokens + " prompt and " + generatedTokens
                    + " generated tokens do not fit into the context of " + model.contextLength());
        }
        List<Figures> figures = new ArrayList<>();
        for (int count : streams) {
            begin(count);
            round(count, promptTokens, generatedTokens);
            begin(count);
            for (int i = 0; i < repetitions; i++) {
                round(count, promptTokens, generatedTokens);
            }
            figures.add(figures(count));
        }
        return figures;
    }

    private void begin(int count) {
        clock = new StepClock();
        decoder.measure(count, clock);
    }

    private void round(int count, int promptTokens, int generatedTokens) {
        List<RunningGeneration> running = new ArrayList<>();
        List<WaitingReader> readers = new ArrayList<>();
        try {
            // Together, so that no text ends before another one begins.
            decoder.whilePaused(() -> {
                for (int i = 0; i < count; i++) {
                    WaitingReader reader = new WaitingReader(clock);
                    running.add(model.start(request(i, promptTokens, generatedTokens), reader));
                    reader.start();
                    readers.add(reader);
                }
            });
            readers.forEach(reader -> reader.result().join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof JllmException cause) {
                throw cause;
            }
            throw e;
        } finally {
            running.forEach(RunningGeneration::cancel);
        }
    }

    private GenerationRequest request(long seed, int promptTokens, int generatedTokens) {
        int[] ids = random.ints(promptTokens, 0, model.vocabularySize()).toArray();
        return GenerationRequest.of(
                new Prompt.Tokens(ids),
                GenerationOptions.builder()
                        .maxTokens(generatedTokens)
                        .seed(seed)
                        .build());
    }

    private Figures figures(int count) {
        if (clock.steps() == 0) {
            throw new InvalidRequestException("no two steps continued all " + count
                    + " texts: the engine runs fewer at once, or --generate is too small");
        }
        Map<StepPart, Double> micros = new EnumMap<>(StepPart.class);
        for (StepPart part : StepPart.values()) {
            micros.put(part, clock.nanos(part) / 1e3 / clock.steps());
        }
        return new Figures(count, clock.steps(), micros);
    }

    @Override
    public void close() {
        model.close();
    }
}
