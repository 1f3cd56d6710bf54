package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jllm.api.CapacityException;
import org.jllm.api.EngineException;
import org.jllm.api.FinishReason;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationResult;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.OverloadedException;
import org.jllm.api.Prompt;
import org.jllm.api.PromptScoring;
import org.jllm.api.RunningGeneration;
import org.jllm.api.TextChunk;
import org.jllm.api.TokenLogprob;
import org.jllm.api.UnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulerTest {
    private static final GenerationRequest REQUEST = GenerationRequest.of(new Prompt.Text("x"));

    private final AtomicLong time = new AtomicLong();

    private Scheduler scheduler(HashEngine engine) {
        return scheduler(engine, new SchedulerLimits(8, 1000, 4, 0));
    }

    private Scheduler scheduler(HashEngine engine, SchedulerLimits limits) {
        return new Scheduler(
                engine, new LetterTokenizer(HashEngine.VOCABULARY), Set.of(HashEngine.END), limits, time::get);
    }

    private static GenerationOptions most(int tokens) {
        return new GenerationOptions(0.0, null, null, null, null, null, null, null, null, tokens, null);
    }

    private static Recorder submit(Scheduler scheduler, int[] prompt, int most) {
        Recorder recorder = new Recorder();
        scheduler.submit(REQUEST, prompt, most(most), recorder);
        return recorder;
    }

    private static int[] prompt(int seed, int length) {
        return new Random(seed).ints(length, 1, HashEngine.VOCABULARY).toArray();
    }

    private static void run(Scheduler scheduler) {
        int steps = 0;
        while (scheduler.step()) {
            assertThat(++steps).as("steps").isLessThan(100_000);
        }
    }

    /** A prompt whose text goes on for at least so many tokens. */
    private static int[] talkative(int length, int tokens) {
        return IntStream.iterate(1, seed -> seed + 1)
                .mapToObj(seed -> prompt(seed, length))
                .filter(ids -> HashEngine.alone(ids, tokens).length() == tokens)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void runningTextsGetATokenAStepWhileAPromptIsPrefilled() {
        HashEngine engine = new HashEngine(4, 200, 16, true, 1000);
        Scheduler scheduler = scheduler(engine);
        Recorder talking = submit(scheduler, talkative(3, 40), 40);
        scheduler.step();
        Recorder later = submit(scheduler, prompt(7, 41), 5);
        int before = talking.chunks.size();
        for (int step = 1; step <= 10; step++) {
            scheduler.step();
            assertThat(talking.chunks).hasSize(before + step);
            assertThat(later.chunks).isEmpty();
        }
        assertThat(engine.steps.subList(1, 11))
                .allSatisfy(rows -> assertThat(rows.values()).containsExactlyInAnyOrder(1, 4));
        scheduler.step();
        assertThat(later.chunks).hasSize(1);
    }

    @Test
    void promptsThatOutnumberTheRunningTextsGetMoreRows() {
        HashEngine engine = new HashEngine(8, 200, 64, true, 1000);
        Scheduler scheduler = scheduler(engine);
        submit(scheduler, talkative(3, 40), 40);
        scheduler.step();
        for (int seed = 1; seed <= 3; seed++) {
            submit(scheduler, prompt(seed, 50), 1);
        }
        scheduler.step();
        assertThat(engine.steps.get(1).values()).containsExactlyInAnyOrder(1, 4, 4, 4);
    }

    @Test
    void longPromptsAreComputedOneAfterTheOtherInWholeTiles() {
        HashEngine engine = new HashEngine(8, 400, 300, true, 4000);
        Scheduler scheduler = scheduler(engine);
        List<Recorder> recorders = new ArrayList<>();
        for (int seed = 1; seed <= 3; seed++) {
            recorders.add(submit(scheduler, prompt(seed, 128), 1));
        }
        scheduler.step();
        assertThat(engine.steps.get(0).values()).containsExactly(128, 128);
        run(scheduler);
        assertThat(recorders)
                .allSatisfy(recorder -> assertThat(recorder.endings).isEqualTo(1));
    }

    @Test
    void theLongPromptThatCameFirstGoesOnHoweverManyShortOnesCome() {
        HashEngine engine = new HashEngine(8, 400, 16, true, 4000);
        Scheduler scheduler = scheduler(engine);
        Recorder longer = submit(scheduler, prompt(1, 150), 1);
        for (int step = 0; step < 100; step++) {
            submit(scheduler, prompt(100 + step, 14), 1);
            submit(scheduler, prompt(200 + step, 14), 1);
            scheduler.step();
        }
        assertThat(longer.endings).isEqualTo(1);
    }

    @Test
    void aShortPromptDoesNotWaitForALongOne() {
        HashEngine engine = new HashEngine(4, 200, 8, true, 1000);
        Scheduler scheduler = scheduler(engine);
        Recorder longer = submit(scheduler, prompt(1, 100), 1);
        scheduler.step();
        Recorder shorter = submit(scheduler, prompt(2, 4), 1);
        scheduler.step();
        assertThat(shorter.endings).isEqualTo(1);
        assertThat(longer.endings).isZero();
    }

    @Test
    void theNextTurnOfAChatFindsItsBeginning() {
        HashEngine engine = new HashEngine(4, 200, 64, true, 1000);
        Scheduler scheduler = scheduler(engine);
        int[] first = talkative(20, 10);
        Recorder answer = submit(scheduler, first, 10);
        run(scheduler);
        int[] second = IntStream.concat(
                        IntStream.concat(
                                IntStream.of(first), answer.text().chars().map(c -> c - '一')),
                        IntStream.of(prompt(3, 5)))
                .toArray();
        Recorder next = submit(scheduler, second, 5);
        run(scheduler);
        // The answer's last token was chosen, but never fed.
        assertThat(next.result.cachedTokens()).isEqualTo(29);
        assertThat(next.text()).isEqualTo(HashEngine.alone(second, 5));
        assertThat(engine.openSlots()).isEqualTo(1);
        assertThat(scheduler.statistics().prefixHits()).isEqualTo(1);
        assertThat(scheduler.statistics().reusedTokens()).isEqualTo(29);
    }

    @Test
    void noMoreIsKeptThanTheEngineFindsWorthIt() {
        HashEngine engine = new HashEngine(8, 200, 64, true, 1000);
        engine.worthKeeping = 100;
        Scheduler scheduler = scheduler(engine);
        for (int seed = 1; seed <= 6; seed++) {
            submit(scheduler, prompt(seed, 40), 1);
            run(scheduler);
        }
        assertThat(scheduler.statistics().cachePositions()).isEqualTo(80);
        Recorder last = submit(scheduler, prompt(6, 40), 1);
        run(scheduler);
        assertThat(last.result.cachedTokens()).isEqualTo(39);
        submit(scheduler, prompt(7, 150), 1);
        run(scheduler);
        assertThat(engine.openSlots())
                .as("the one used last stays, however long")
                .isEqualTo(1);
    }

    @Test
    void aCommonBeginningIsComputedOnceForRequestsThatComeTogether() {
        HashEngine engine = new HashEngine(8, 200, 64, true, 1000);
        Scheduler scheduler = scheduler(engine);
        List<Recorder> recorders = new ArrayList<>();
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int[] ids = IntStream.concat(IntStream.of(prompt(1, 60)), IntStream.of(prompt(100 + i, 4)))
                    .toArray();
            prompts.add(ids);
            recorders.add(submit(scheduler, ids, 6));
        }
        run(scheduler);
        for (int i = 0; i < 5; i++) {
            assertThat(recorders.get(i).text()).isEqualTo(HashEngine.alone(prompts.get(i), 6));
        }
        long fed = engine.steps.stream()
                .flatMap(rows -> rows.values().stream())
                .mapToLong(Integer::longValue)
                .sum();
        assertThat(fed).isLessThanOrEqualTo(64 + 4 * 4 + 5 * 6);
        assertThat(scheduler.statistics().prefixHits()).isEqualTo(4);
    }

    @Test
    void aRecurrentEngineGoesOnFromWhatItSaved() {
        HashEngine engine = new HashEngine(4, 200, 64, false, 10, 1000);
        Scheduler scheduler = scheduler(engine);
        int[] first = talkative(45, 10);
        submit(scheduler, first, 10);
        run(scheduler);
        int[] second = IntStream.concat(IntStream.of(first).limit(38), IntStream.of(prompt(3, 5)))
                .toArray();
        Recorder other = submit(scheduler, second, 5);
        run(scheduler);
        assertThat(other.result.cachedTokens()).isEqualTo(30);
        assertThat(other.text()).isEqualTo(HashEngine.alone(second, 5));
        // Too little in common with either to be worth a copy.
        int[] third = IntStream.concat(IntStream.of(first).limit(9), IntStream.of(prompt(4, 5)))
                .toArray();
        Recorder fresh = submit(scheduler, third, 5);
        run(scheduler);
        assertThat(fresh.result.cachedTokens()).isZero();
        assertThat(engine.openSlots()).isEqualTo(3);
    }

    @Test
    void recurrentRequestsThatComeTogetherShareTheirBeginning() {
        HashEngine engine = new HashEngine(8, 200, 16, false, 10, 1000);
        Scheduler scheduler = scheduler(engine);
        List<Recorder> recorders = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int[] ids = IntStream.concat(IntStream.of(prompt(1, 65)), IntStream.of(prompt(100 + i, 4)))
                    .toArray();
            recorders.add(submit(scheduler, ids, 3));
        }
        run(scheduler);
        assertThat(recorders.subList(1, 4))
                .allSatisfy(
                        recorder -> assertThat(recorder.result.cachedTokens()).isBetween(60, 65));
    }

    @Test
    void aCancelledRequestEndsBeforeTheNextTokenAndFreesItsPlace() {
        HashEngine engine = new HashEngine(1, 200, 16, true, 1000);
        Scheduler scheduler = scheduler(engine);
        Recorder recorder = new Recorder();
        RunningGeneration running = scheduler.submit(REQUEST, talkative(3, 40), most(40), recorder);
        Recorder waiting = submit(scheduler, prompt(9, 3), 2);
        scheduler.step();
        scheduler.step();
        running.cancel();
        running.cancel();
        scheduler.step();
        assertThat(recorder.result.finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(recorder.text()).hasSize(2).isEqualTo(recorder.result.text());
        run(scheduler);
        assertThat(waiting.text()).isEqualTo(HashEngine.alone(prompt(9, 3), 2));
    }

    @Test
    void aDeadlineEndsRunningAndWaitingRequests() {
        HashEngine engine = new HashEngine(1, 200, 16, true, 1000);
        Scheduler scheduler = scheduler(engine);
        GenerationRequest hurried = REQUEST.withDeadline(Duration.ofSeconds(2));
        Recorder running = new Recorder();
        Recorder waiting = new Recorder();
        scheduler.submit(hurried, talkative(3, 40), most(40), running);
        scheduler.submit(hurried, prompt(2, 3), most(40), waiting);
        scheduler.step();
        time.addAndGet(Duration.ofSeconds(2).toNanos() - 1);
        scheduler.step();
        assertThat(running.endings).isZero();
        time.incrementAndGet();
        scheduler.step();
        assertThat(running.error).isInstanceOf(UnavailableException.class).hasMessageContaining("2000 ms");
        assertThat(waiting.error).isInstanceOf(UnavailableException.class);
        assertThat(scheduler.step()).isFalse();
    }

    @Test
    void theQueueIsBounded() {
        Scheduler scheduler = scheduler(new HashEngine(1, 200, 16, true, 1000), new SchedulerLimits(1, 2, 4, 0));
        submit(scheduler, prompt(1, 3), 1);
        submit(scheduler, prompt(2, 3), 1);
        assertThatThrownBy(() -> submit(scheduler, prompt(3, 3), 1)).isInstanceOf(OverloadedException.class);
        run(scheduler);
        submit(scheduler, prompt(3, 3), 1);
        scheduler.shutDown();
        assertThatThrownBy(() -> submit(scheduler, prompt(3, 3), 1)).isInstanceOf(UnavailableException.class);
        assertThat(scheduler.statistics().waiting()).isEqualTo(1);
        run(scheduler);
        assertThat(scheduler.statistics().requests()).isEqualTo(3);
    }

    @Test
    void aClientWithManyRequestsDoesNotHoldUpTheOthers() {
        HashEngine engine = new HashEngine(2, 200, 16, true, 1000);
        Scheduler scheduler = scheduler(engine);
        List<Recorder> greedy = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            greedy.add(new Recorder());
            scheduler.submit(REQUEST.withClient("greedy"), talkative(3 + i, 10), most(10), greedy.get(i));
        }
        Recorder modest = new Recorder();
        scheduler.step();
        scheduler.submit(REQUEST.withClient("modest"), talkative(9, 10), most(10), modest);
        while (modest.endings == 0) {
            scheduler.step();
        }
        assertThat(greedy.stream().filter(recorder -> recorder.endings > 0)).hasSizeLessThanOrEqualTo(3);
        run(scheduler);
        assertThat(greedy).allSatisfy(recorder -> assertThat(recorder.endings).isEqualTo(1));
    }

    @Test
    void manySmallRequestsDoNotKeepALargeOneWaiting() {
        HashEngine engine = new HashEngine(8, 200, 16, true, 200);
        Scheduler scheduler = scheduler(engine);
        for (int i = 0; i < 3; i++) {
            submit(scheduler, prompt(i, 10), 10);
        }
        scheduler.step();
        Recorder large = new Recorder();
        scheduler.submit(REQUEST, prompt(9, 150), most(1), large);
        for (int step = 0; large.endings == 0; step++) {
            assertThat(step).isLessThan(200);
            submit(scheduler, prompt(100 + step, 10), 10);
            scheduler.step();
        }
        run(scheduler);
        assertThat(large.text()).isEqualTo(HashEngine.alone(prompt(9, 150), 1));
    }

    @Test
    void anObserverThatThrowsCancelsItsOwnRequestOnly() {
        HashEngine engine = new HashEngine(4, 200, 16, true, 1000);
        Scheduler scheduler = scheduler(engine);
        Recorder broken = new Recorder() {
            @Override
            public void onChunk(TextChunk chunk) {
                throw new AssertionError("not for me");
            }

            @Override
            public void onEnd(GenerationResult end) {
                super.onEnd(end);
                throw new IllegalStateException("not for me either");
            }
        };
        scheduler.submit(REQUEST, talkative(3, 40), most(40), broken);
        Recorder sound = submit(scheduler, talkative(5, 40), 40);
        run(scheduler);
        assertThat(broken.result.finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(broken.result.completionTokens()).isEqualTo(1);
        assertThat(sound.text()).isEqualTo(HashEngine.alone(talkative(5, 40), 40));
    }

    @Test
    void aFullCacheGivesUpWhatIsKeptAndPutsTheLastRequestBack() {
        HashEngine engine = new HashEngine(4, 100, 16, true, 100);
        Scheduler scheduler = scheduler(engine);
        submit(scheduler, prompt(50, 30), 1);
        run(scheduler);
        assertThat(scheduler.statistics().cachePositions()).isEqualTo(30);
        int[] first = talkative(8, 60);
        int[] second = talkative(9, 60);
        Recorder one = submit(scheduler, first, 60);
        Recorder two = submit(scheduler, second, 60);
        run(scheduler);
        assertThat(one.text()).isEqualTo(HashEngine.alone(first, 60));
        assertThat(two.text()).isEqualTo(HashEngine.alone(second, 60));
        assertThat(scheduler.statistics().preemptions()).isPositive();
    }

    @Test
    void whatAnEngineThrowsEndsTheRequestsOfItsBatchOnly() {
        HashEngine engine = new HashEngine(2, 100, 16, true, 100);
        Scheduler scheduler = scheduler(engine);
        Recorder broken = submit(scheduler, prompt(1, 5), 5);
        engine.failure = new IllegalStateException("broken");
        run(scheduler);
        assertThat(broken.error).isInstanceOf(EngineException.class).hasMessageContaining("broken");
        engine.failure = null;
        Recorder sound = submit(scheduler, prompt(1, 5), 5);
        run(scheduler);
        assertThat(sound.text()).isEqualTo(HashEngine.alone(prompt(1, 5), 5));
        assertThat(broken.endings).isEqualTo(1);
    }

    @Test
    void aPromptThatDoesNotFitIsRefusedAtOnce() {
        Scheduler scheduler = scheduler(new HashEngine(2, 100, 16, true, 60));
        assertThatThrownBy(() -> submit(scheduler, prompt(1, 60), 5))
                .isInstanceOf(CapacityException.class)
                .hasMessageContaining("60");
        assertThatThrownBy(() -> submit(scheduler, new int[] {HashEngine.VOCABULARY}, 5))
                .isInstanceOf(InvalidRequestException.class);
        Recorder full = submit(scheduler, talkative(50, 10), 30);
        run(scheduler);
        assertThat(full.result.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(full.text()).hasSize(10);
    }

    @Test
    void logProbabilitiesComeWithTheTokensOfAChunk() {
        Scheduler scheduler = scheduler(new HashEngine(2, 200, 200, true, 400));
        int[] ids = talkative(80, 5);
        Recorder recorder = new Recorder();
        scheduler.submit(
                REQUEST.withTopLogprobs(2).withPromptScoring(PromptScoring.WITH_ANSWER), ids, most(5), recorder);
        run(scheduler);
        double likely = 5 - Math.log(Math.exp(5) + HashEngine.VOCABULARY - 1);
        assertThat(recorder.chunks).hasSize(5).allSatisfy(chunk -> {
            assertThat(chunk.logprobs()).hasSize(1);
            TokenLogprob token = chunk.logprobs().get(0);
            assertThat(token.token()).isEqualTo(chunk.text());
            assertThat(token.logprob()).isCloseTo(likely, within(1e-6));
            assertThat(token.top()).hasSize(2);
            assertThat(token.top().get(0).id()).isEqualTo(token.id());
            assertThat(token.top().get(1).logprob()).isCloseTo(likely - 5, within(1e-6));
        });
        List<TokenLogprob> scored = recorder.result.promptLogprobs();
        assertThat(scored).hasSize(80);
        assertThat(scored.get(0).predicted()).isFalse();
        assertThat(scored.stream().map(TokenLogprob::id).toList())
                .isEqualTo(IntStream.of(ids).boxed().toList());
        assertThat(scored.stream().map(TokenLogprob::textOffset).toList())
                .isEqualTo(IntStream.range(0, 80).boxed().toList());
        assertThat(recorder.chunks.get(4).logprobs().get(0).textOffset()).isEqualTo(4);
        assertThat(scored.get(1).top().get(0).id()).isEqualTo(HashEngine.next(List.of(ids[0])));
    }

    @Test
    void aPromptCanBeScoredAlone() {
        Scheduler scheduler = scheduler(new HashEngine(2, 200, 200, true, 400));
        Recorder recorder = new Recorder();
        scheduler.submit(
                REQUEST.withTopLogprobs(0).withPromptScoring(PromptScoring.ONLY), prompt(4, 30), most(5), recorder);
        run(scheduler);
        assertThat(recorder.result.completionTokens()).isZero();
        assertThat(recorder.result.promptLogprobs()).hasSize(30);
        assertThat(recorder.chunks).isEmpty();
    }

    /** Requests join, are cancelled and find the caches full at random, and each text stays what it is alone. */
    @ParameterizedTest
    @CsvSource({
        "true, 0, 4, 2000",
        "true, 0, 6, 150",
        "true, 0, 3, 90",
        "false, 0, 4, 2000",
        "false, 0, 3, 120",
        "false, 7, 4, 2000",
        "false, 10, 3, 120"
    })
    void textsAreTheSameInCompany(boolean attention, int interval, int slots, int cachePositions) {
        for (int seed = 0; seed < 20; seed++) {
            HashEngine engine = new HashEngine(slots, 80, 12, attention, interval, cachePositions);
            Scheduler scheduler = scheduler(engine, new SchedulerLimits(8, 1000, 4, 7));
            Random random = new Random(seed);
            Map<Recorder, int[]> prompts = new HashMap<>();
            Map<Recorder, RunningGeneration> generations = new HashMap<>();
            for (int i = 0; i < 100; i++) {
                int[] shared = prompt(random.nextInt(3), random.nextInt(1, 40));
                int[] ids = IntStream.concat(IntStream.of(shared), IntStream.of(prompt(i, random.nextInt(1, 6))))
                        .toArray();
                Recorder recorder = new Recorder();
                prompts.put(recorder, ids);
                generations.put(
                        recorder,
                        scheduler.submit(REQUEST.withClient("c" + random.nextInt(4)), ids, most(20), recorder));
                for (int step = random.nextInt(6); step > 0; step--) {
                    scheduler.step();
                }
                if (random.nextInt(3) == 0) {
                    generations.get(recorder).cancel();
                }
            }
            run(scheduler);
            prompts.forEach((recorder, ids) -> {
                assertThat(recorder.endings).isEqualTo(1);
                assertThat(recorder.error).isNull();
                String alone = HashEngine.alone(ids, 20);
                if (recorder.result.finishReason() == FinishReason.CANCELLED) {
                    assertThat(alone).startsWith(recorder.text());
                } else {
                    assertThat(recorder.text()).isEqualTo(alone).isEqualTo(recorder.result.text());
                }
            });
            assertThat(scheduler.statistics().running()).isZero();
            // What is open is kept for later: no slot is lost, and none is empty.
            assertThat(scheduler.statistics().cachePositions()).isEqualTo(engine.held());
            assertThat(engine.emptySlots()).isZero();
        }
    }
}
