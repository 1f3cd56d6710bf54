package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jllm.api.FinishReason;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationOptionsBuilder;
import org.jllm.api.GenerationRequest;
import org.jllm.api.ModelStatistics;
import org.jllm.api.Prompt;
import org.jllm.api.RunningGeneration;
import org.jllm.api.TextChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guesses of {@link PromptLookup} on an engine whose texts often repeat what stood five tokens before. */
class SchedulerGuessesTest {
    private static final GenerationRequest REQUEST = GenerationRequest.of(new Prompt.Text("x"));

    private static HashEngine engine(int slots, int context, int rows, boolean rollback, long cachePositions) {
        HashEngine engine = new HashEngine(slots, context, rows, rollback, cachePositions);
        engine.period = 5;
        return engine;
    }

    private static Scheduler scheduler(HashEngine engine, int guesses) {
        return new Scheduler(
                engine,
                new LetterTokenizer(HashEngine.VOCABULARY),
                Set.of(HashEngine.END),
                new SchedulerLimits(8, 1000, 4, guesses),
                () -> 0);
    }

    private static int[] prompt(int seed, int length) {
        return new Random(seed).ints(length, 1, HashEngine.VOCABULARY).toArray();
    }

    private static GenerationOptions greedy(int most) {
        return GenerationOptions.builder().temperature(0).maxTokens(most).build();
    }

    private static Recorder submit(Scheduler scheduler, int[] prompt, int most) {
        Recorder recorder = new Recorder();
        scheduler.submit(REQUEST, prompt, greedy(most), recorder);
        return recorder;
    }

    private static void run(Scheduler scheduler) {
        int steps = 0;
        while (scheduler.step()) {
            assertThat(++steps).as("steps").isLessThan(100_000);
        }
    }

    /** What a prompt gets without guesses. */
    private static String alone(int[] prompt, int most) {
        Scheduler scheduler = scheduler(engine(1, 400, 64, true, 400), 0);
        Recorder recorder = submit(scheduler, prompt, most);
        run(scheduler);
        assertThat(scheduler.statistics().guessedTokens()).isZero();
        return recorder.text();
    }

    /** Prompts whose texts go on for at least so many tokens. */
    private static List<int[]> talkative(int count, int length, int tokens) {
        return IntStream.iterate(1, seed -> seed + 1)
                .mapToObj(seed -> prompt(seed, length))
                .filter(ids -> alone(ids, tokens).length() == tokens)
                .limit(count)
                .toList();
    }

    @Test
    void aRightGuessSparesAStep() {
        int[] ids = talkative(1, 10, 100).get(0);
        HashEngine engine = engine(1, 400, 64, true, 400);
        Scheduler scheduler = scheduler(engine, 7);
        Recorder recorder = submit(scheduler, ids, 100);
        run(scheduler);
        assertThat(recorder.text()).isEqualTo(alone(ids, 100));
        assertThat(recorder.chunks).hasSize(100);
        ModelStatistics statistics = scheduler.statistics();
        assertThat(statistics.generatedTokens()).isEqualTo(100);
        assertThat(statistics.acceptedTokens()).isGreaterThan(30);
        assertThat(statistics.guessedTokens()).isGreaterThan(statistics.acceptedTokens());
        assertThat(engine.steps).hasSize(100 - (int) statistics.acceptedTokens());
        long rows = engine.steps.stream().mapToLong(step -> step.get(0)).sum();
        assertThat(rows).isEqualTo(ids.length + engine.steps.size() - 1 + statistics.guessedTokens());
        assertThat(statistics.cachePositions()).isEqualTo(109).isEqualTo(engine.held());
    }

    @Test
    void anEngineThatCannotRollBackGetsNone() {
        int[] ids = talkative(1, 10, 100).get(0);
        HashEngine engine = engine(1, 400, 64, false, 400);
        Scheduler scheduler = scheduler(engine, 7);
        Recorder recorder = submit(scheduler, ids, 100);
        run(scheduler);
        assertThat(recorder.text()).isEqualTo(alone(ids, 100));
        assertThat(engine.steps).hasSize(100);
        assertThat(scheduler.statistics().guessedTokens()).isZero();
    }

    @Test
    void anEngineThatTakesBackMoreThanItShouldIsFedAgainAndGetsNoMore() {
        int[] ids = talkative(1, 10, 100).get(0);
        HashEngine engine = engine(1, 400, 64, true, 400);
        engine.mostRetained = 4;
        Scheduler scheduler = scheduler(engine, 7);
        Recorder recorder = submit(scheduler, ids, 100);
        run(scheduler);
        assertThat(recorder.text()).isEqualTo(alone(ids, 100));
        assertThat(engine.steps.stream().filter(step -> step.get(0) > 8)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "2, 8", "3, 8", "7, 8", "8, 8"})
    void textsAndGuessesShareTheRowsOfAStep(int texts, int most) {
        HashEngine engine = engine(8, 400, 64, true, 4000);
        Scheduler scheduler = scheduler(engine, most - 1);
        List<int[]> prompts = talkative(texts, 3, 60);
        List<Recorder> recorders =
                prompts.stream().map(ids -> submit(scheduler, ids, 60)).toList();
        run(scheduler);
        for (int i = 0; i < texts; i++) {
            assertThat(recorders.get(i).text()).isEqualTo(alone(prompts.get(i), 60));
        }
        List<Map<Integer, Integer>> decoded = engine.steps.subList(1, engine.steps.size());
        assertThat(decoded).allSatisfy(step -> assertThat(rows(step)).isLessThanOrEqualTo(most));
        int largest = decoded.stream()
                .filter(step -> step.size() == texts)
                .mapToInt(SchedulerGuessesTest::rows)
                .max()
                .orElseThrow();
        assertThat(largest).isGreaterThan(texts < most ? texts : 0);
    }

    private static int rows(Map<Integer, Integer> step) {
        return step.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void promptsGetTheirRowsBesideGuesses() {
        HashEngine engine = engine(4, 400, 4, true, 4000);
        Scheduler scheduler = scheduler(engine, 7);
        int[] ids = talkative(1, 3, 100).get(0);
        Recorder talking = submit(scheduler, ids, 100);
        scheduler.step();
        List<Recorder> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(submit(scheduler, prompt(90 + i, 5), 1));
        }
        scheduler.step();
        assertThat(engine.steps.get(1)).hasSizeGreaterThanOrEqualTo(2);
        run(scheduler);
        assertThat(others).allSatisfy(recorder -> assertThat(recorder.endings).isEqualTo(1));
        assertThat(talking.text()).isEqualTo(alone(ids, 100));
    }

    @Test
    void nothingKeptGoesForAGuess() {
        for (int[] ids : talkative(10, 20, 80)) {
            HashEngine engine = engine(4, 200, 64, true, 100);
            Scheduler scheduler = scheduler(engine, 7);
            submit(scheduler, prompt(500, 30), 1);
            run(scheduler);
            Recorder recorder = submit(scheduler, ids, 80);
            scheduler.step();
            assertThat(engine.openSlots()).isEqualTo(2);
            long held = 0;
            while (engine.openSlots() == 2) {
                held = engine.held();
                scheduler.step();
            }
            assertThat(held).isEqualTo(100);
            run(scheduler);
            assertThat(recorder.text()).isEqualTo(alone(ids, 80));
            assertThat(scheduler.statistics().acceptedTokens()).isPositive();
        }
    }

    @Test
    void aTextFillsTheContextToItsEnd() {
        for (int[] ids : talkative(10, 20, 60)) {
            HashEngine engine = engine(1, 80, 64, true, 400);
            Scheduler scheduler = scheduler(engine, 7);
            Recorder recorder = new Recorder();
            scheduler.submit(REQUEST, ids, GenerationOptions.temperature(0), recorder);
            run(scheduler);
            assertThat(recorder.error).isNull();
            assertThat(recorder.result.finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(recorder.text()).isEqualTo(alone(ids, 60));
        }
    }

    @Test
    void whoCancelsWithinAStepGetsNoMoreOfIt() {
        int[] ids = talkative(1, 10, 100).get(0);
        for (int chunks = 1; chunks < 60; chunks++) {
            HashEngine engine = engine(1, 400, 64, true, 400);
            Scheduler scheduler = scheduler(engine, 7);
            Canceller canceller = new Canceller(chunks);
            canceller.running = scheduler.submit(REQUEST, ids, greedy(100), canceller);
            run(scheduler);
            assertThat(canceller.result.finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(canceller.result.completionTokens()).isEqualTo(chunks);
            assertThat(canceller.chunks).hasSize(chunks);
            assertThat(scheduler.statistics().cachePositions()).isEqualTo(engine.held());
        }
    }

    /** Cancels its request when it has got so many chunks. */
    private static final class Canceller extends Recorder {
        private final int most;
        private RunningGeneration running;

        Canceller(int most) {
            this.most = most;
        }

        @Override
        public void onChunk(TextChunk chunk) {
            super.onChunk(chunk);
            if (chunks.size() == most) {
                running.cancel();
            }
        }
    }

    /** What a reader sees of requests of all kinds, which come at random. */
    private static List<Canceller> play(Scheduler scheduler, int seed) {
        Random random = new Random(seed);
        List<Canceller> recorders = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int[] shared = prompt(random.nextInt(3), random.nextInt(1, 30));
            int[] ids = IntStream.concat(IntStream.of(shared), IntStream.of(prompt(i, random.nextInt(1, 6))))
                    .toArray();
            GenerationOptionsBuilder options = GenerationOptions.builder()
                    .temperature(random.nextBoolean() ? 0 : random.nextDouble())
                    .seed(i)
                    .repeatPenalty(random.nextBoolean() ? 1 : 1.02)
                    .frequencyPenalty(random.nextBoolean() ? 0 : 0.1)
                    .maxTokens(random.nextInt(1, 45));
            if (random.nextInt(3) == 0) {
                options.stop(LetterTokenizer.letter(random.nextInt(1, 50)), text(prompt(random.nextInt(), 2)));
            }
            GenerationRequest request = REQUEST.withClient("c" + random.nextInt(4));
            if (random.nextInt(3) == 0) {
                request = request.withTopLogprobs(2);
            }
            Canceller recorder = new Canceller(random.nextInt(4) == 0 ? random.nextInt(1, 20) : Integer.MAX_VALUE);
            recorder.running = scheduler.submit(request, ids, options.build(), recorder);
            recorders.add(recorder);
            for (int step = random.nextInt(12); step > 0; step--) {
                scheduler.step();
            }
        }
        run(scheduler);
        return recorders;
    }

    private static String text(int[] ids) {
        StringBuilder text = new StringBuilder();
        IntStream.of(ids).mapToObj(LetterTokenizer::letter).forEach(text::append);
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({"4, 2000, 7", "8, 2000, 31", "2, 2000, 3", "1, 100, 7", "6, 150, 7", "3, 90, 7"})
    void textsAreTheSameWithAndWithout(int slots, int cachePositions, int guesses) {
        long accepted = 0;
        for (int seed = 0; seed < 20; seed++) {
            HashEngine engine = engine(slots, 80, 12, true, cachePositions);
            Scheduler guessing = scheduler(engine, guesses);
            List<Canceller> with = play(guessing, seed);
            List<Canceller> without = play(scheduler(engine(slots, 80, 12, true, cachePositions), 0), seed);
            for (int i = 0; i < with.size(); i++) {
                assertThat(with.get(i).endings).isEqualTo(1);
                assertThat(with.get(i).error).isNull();
                assertThat(with.get(i).chunks).isEqualTo(without.get(i).chunks);
                assertThat(with.get(i).result.finishReason())
                        .isEqualTo(without.get(i).result.finishReason());
                assertThat(with.get(i).result.completionTokens())
                        .isEqualTo(without.get(i).result.completionTokens());
            }
            accepted += guessing.statistics().acceptedTokens();
            assertThat(guessing.statistics().running()).isZero();
            assertThat(guessing.statistics().cachePositions()).isEqualTo(engine.held());
            assertThat(engine.emptySlots()).isZero();
        }
        assertThat(accepted).isGreaterThan(1000);
    }
}
