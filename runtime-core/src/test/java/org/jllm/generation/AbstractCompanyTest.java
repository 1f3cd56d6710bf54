package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jllm.api.FinishReason;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationResult;
import org.jllm.api.GenerationStream;
import org.jllm.api.LanguageModel;
import org.jllm.api.LoadOptions;
import org.jllm.api.ModelStatistics;
import org.jllm.api.Prompt;
import org.jllm.api.TextChunk;
import org.junit.jupiter.api.Test;

/** Many requests at once on a real engine in float32, with the embedded model. */
public abstract class AbstractCompanyTest {
    private static final int REQUESTS = 200;
    private static final int PROMPTS = 1000;
    private static final int STALLED = 20;

    private static final List<String> COMMANDS = List.of(
            "ls", "cat", "grep", "mkdir", "cp", "mv", "rm", "chmod", "find", "sort", "head", "tail", "wc", "tar",
            "ssh");

    private static final List<String> QUESTIONS = List.of("は何をするコマンドですか？", "の使い方を教えてください。", "の終了ステータスは何ですか？", "とは？");

    /**
     * The embedded model in float32.
     *
     * @param guesses most guessed tokens of a step
     */
    protected abstract LanguageModel load(int guesses);

    private LanguageModel load() {
        return load(LoadOptions.AUTO_PROMPT_LOOKUP);
    }

    /** Whether the engine can take back what was guessed wrong. */
    protected boolean guesses() {
        return true;
    }

    /** Handles of native memory that are open now. */
    protected abstract long liveHandles();

    /** Requests join and leave when they like; some readers stall until all others have ended, some cancel in the middle. */
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
            ExecutorService clients = Executors.newFixedThreadPool(REQUESTS);
            CountDownLatch others = new CountDownLatch(REQUESTS - STALLED);
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                Random random = new Random(i);
                String question = questions.get(random.nextInt(questions.size()));
                boolean stalls = i % (REQUESTS / STALLED) == 0;
                ends.add(clients.submit(() -> {
                    if (stalls) {
                        stall(model, question, alone.get(question), others);
                        return null;
                    }
                    try {
                        ask(model, question, alone.get(question), random);
                    } finally {
                        others.countDown();
                    }
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
            assertThat(statistics.running()).isZero();
            assertThat(statistics.cachePositions()).isPositive();
            assertThat(statistics.prefixHits()).isPositive();
        }
        assertThat(liveHandles()).isEqualTo(handles);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("jllm-scheduler"));
    }

    /** Reads one chunk, and the rest when nobody else is left. */
    private static void stall(LanguageModel model, String question, String expected, CountDownLatch others)
            throws InterruptedException {
        try (GenerationStream stream = model.stream(request(question))) {
            StringBuilder text =
                    new StringBuilder(stream.hasNext() ? stream.next().text() : "");
            others.await();
            stream.forEachRemaining(chunk -> text.append(chunk.text()));
            assertThat(text.toString()).isEqualTo(expected);
        }
    }

    private static void ask(LanguageModel model, String question, String expected, Random random) {
        try (GenerationStream stream = model.stream(request(question))) {
            if (random.nextInt(4) == 0) {
                for (int chunks = random.nextInt(6); chunks > 0 && stream.hasNext(); chunks--) {
                    stream.next();
                }
                stream.cancel();
            }
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

    /** Greedy and sampled, alone and three at a time. */
    @Test
    void guessesDoNotChangeTheTextOfAPromptThatRepeatsItself() {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            GenerationOptions options = GenerationOptions.builder()
                    .temperature(i % 2 * 0.4)
                    .seed(i)
                    .repeatPenalty(i == 4 ? 1.1 : 1.0)
                    .maxTokens(60)
                    .build();
            String line = COMMANDS.get(i) + " はファイルの一覧を表示する。\n";
            requests.add(GenerationRequest.of(new Prompt.Text(line.repeat(4)), options));
        }
        List<String> expected = new ArrayList<>();
        try (LanguageModel model = load(0)) {
            for (GenerationRequest request : requests) {
                try (GenerationStream stream = model.stream(request)) {
                    expected.add(stream.result().text());
                }
            }
            assertThat(model.statistics().guessedTokens()).isZero();
        }
        for (int together : new int[] {1, 3}) {
            try (LanguageModel model = load(7)) {
                for (int from = 0; from < requests.size(); from += together) {
                    List<GenerationStream> streams = requests.subList(from, from + together).stream()
                            .map(model::stream)
                            .toList();
                    for (int i = 0; i < together; i++) {
                        assertThat(streams.get(i).result().text()).isEqualTo(expected.get(from + i));
                    }
                }
                ModelStatistics statistics = model.statistics();
                if (guesses()) {
                    assertThat(statistics.acceptedTokens()).isPositive();
                } else {
                    assertThat(statistics.guessedTokens()).isZero();
                }
            }
        }
    }

    @Test
    void noChunkHoldsHalfACharacter() throws Exception {
        try (LanguageModel model = load()) {
            List<GenerationStream> streams = new ArrayList<>();
            Map<Integer, Double> bytesLiked = new HashMap<>();
            for (int id = 0; id < model.vocabularySize(); id++) {
                if (model.detokenize(new int[] {id}).equals("\uFFFD")) {
                    bytesLiked.put(id, 6.0);
                }
            }
            int parts = 0;
            for (int i = 0; i < PROMPTS; i++) {
                int[] ids =
                        new Random(i).ints(1 + i % 8, 3, model.vocabularySize()).toArray();
                // The model seldom says parts of characters by itself: every second prompt likes them better.
                Map<Integer, Double> bias = i % 2 == 0 ? null : bytesLiked;
                GenerationOptions options =
                        new GenerationOptions(1.5, null, null, null, null, null, null, bias, (long) i, 12, null);
                streams.add(model.stream(
                        GenerationRequest.of(new Prompt.Tokens(ids), options).withTopLogprobs(0)));
                if (streams.size() == 100) {
                    for (GenerationStream stream : streams) {
                        parts += checkChunks(stream);
                    }
                    streams.clear();
                }
            }
            // Without parts of characters among the tokens this would show nothing.
            assertThat(parts).isGreaterThan(1000);
        }
    }

    /** Counts tokens that are a part of a character. */
    private static int checkChunks(GenerationStream stream) {
        int parts = 0;
        StringBuilder whole = new StringBuilder();
        try (stream) {
            while (stream.hasNext()) {
                TextChunk chunk = stream.next();
                String text = chunk.text();
                assertThat(text).doesNotContain("\uFFFD");
                assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
                whole.append(text);
                parts += (int) chunk.logprobs().stream()
                        .filter(token -> token.token().startsWith("bytes:"))
                        .count();
            }
            assertThat(whole.toString()).isEqualTo(stream.result().text());
        }
        return parts;
    }
}
