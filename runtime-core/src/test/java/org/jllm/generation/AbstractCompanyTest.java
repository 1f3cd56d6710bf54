package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jllm.api.FinishReason;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationResult;
import org.jllm.api.GenerationStream;
import org.jllm.api.LanguageModel;
import org.jllm.api.ModelStatistics;
import org.jllm.api.Prompt;
import org.junit.jupiter.api.Test;

/** Many requests at once on a real engine in float32, with the embedded model. */
public abstract class AbstractCompanyTest {
    private static final int REQUESTS = 200;
    private static final int PROMPTS = 1000;
    private static final int THREADS = 24;

    private static final List<String> COMMANDS = List.of(
            "ls", "cat", "grep", "mkdir", "cp", "mv", "rm", "chmod", "find", "sort", "head", "tail", "wc", "tar",
            "ssh");

    private static final List<String> QUESTIONS = List.of("は何をするコマンドですか？", "の使い方を教えてください。", "の終了ステータスは何ですか？", "とは？");

    /** The embedded model in float32. */
    protected abstract LanguageModel load();

    /** Handles of native memory that are open now. */
    protected abstract long liveHandles();

    /** Requests join and leave when they like; some are read late, some are cancelled in the middle. */
    @Test
    void textsAreTheSameAsAlone() throws Exception {
        long handles = liveHandles();
        try (LanguageModel model = load()) {
            Map<String, String> alone = new ConcurrentHashMap<>();
            for (String command : COMMANDS) {
                for (String question : QUESTIONS) {
                    alone.put(command + question, text(model, command + question));
                }
            }
            List<String> questions = new ArrayList<>(alone.keySet());
            questions.sort(null);
            ExecutorService clients = Executors.newFixedThreadPool(THREADS);
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                Random random = new Random(i);
                String question = questions.get(random.nextInt(questions.size()));
                ends.add(clients.submit(() -> {
                    ask(model, question, alone.get(question), random);
                    return null;
                }));
            }
            clients.shutdown();
            for (Future<?> end : ends) {
                end.get();
            }
            ModelStatistics statistics = model.statistics();
            assertThat(statistics.requests()).isEqualTo(REQUESTS + alone.size());
            assertThat(statistics.waiting()).isZero();
            assertThat(statistics.prefixHits()).isPositive();
        }
        assertThat(liveHandles()).isEqualTo(handles);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("jllm-scheduler"));
    }

    private static void ask(LanguageModel model, String question, String expected, Random random) {
        try (GenerationStream stream = model.stream(request(question))) {
            if (random.nextInt(4) == 0) {
                for (int chunks = random.nextInt(6); chunks > 0 && stream.hasNext(); chunks--) {
                    stream.next();
                }
                stream.cancel();
            }
            // The result is complete long before anybody reads it here.
            GenerationResult result = stream.result();
            if (result.finishReason() == FinishReason.CANCELLED) {
                assertThat(expected).startsWith(result.text());
            } else {
                assertThat(result.text()).isEqualTo(expected);
            }
        }
    }

    private static GenerationRequest request(String question) {
        return GenerationRequest.of(
                Prompt.question(question),
                new GenerationOptions(0.0, null, null, null, null, null, null, null, null, 40, null));
    }

    private static String text(LanguageModel model, String question) {
        try (GenerationStream stream = model.stream(request(question))) {
            return stream.result().text();
        }
    }

    @Test
    void noChunkHoldsHalfACharacter() throws Exception {
        try (LanguageModel model = load()) {
            List<GenerationStream> streams = new ArrayList<>();
            for (int i = 0; i < PROMPTS; i++) {
                int[] ids =
                        new Random(i).ints(1 + i % 8, 3, model.vocabularySize()).toArray();
                GenerationOptions options =
                        new GenerationOptions(1.5, null, null, null, null, null, null, null, (long) i, 12, null);
                streams.add(model.stream(GenerationRequest.of(new Prompt.Tokens(ids), options)));
                if (streams.size() == 100) {
                    streams.forEach(AbstractCompanyTest::checkChunks);
                    streams.clear();
                }
            }
        }
    }

    private static void checkChunks(GenerationStream stream) {
        try (stream) {
            while (stream.hasNext()) {
                String text = stream.next().text();
                assertThat(text).isNotEmpty().doesNotContain("\uFFFD");
                assertThat(Character.isLowSurrogate(text.charAt(0))).isFalse();
                assertThat(Character.isHighSurrogate(text.charAt(text.length() - 1)))
                        .isFalse();
            }
        }
    }
}
