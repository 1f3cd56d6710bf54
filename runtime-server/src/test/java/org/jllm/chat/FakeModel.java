package org.jllm.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jllm.api.CapacityException;
import org.jllm.api.FinishReason;
import org.jllm.api.GenerationObserver;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationResult;
import org.jllm.api.GenerationStream;
import org.jllm.api.LanguageModel;
import org.jllm.api.ModelStatistics;
import org.jllm.api.Prompt;
import org.jllm.api.RunningGeneration;
import org.jllm.api.TextChunk;

/** Answers with what a function makes of the prompt, a character a chunk; a character is a token. */
final class FakeModel implements LanguageModel {
    static final char WAIT = '…';

    final List<GenerationRequest> requests = new ArrayList<>();
    final CountDownLatch waiting = new CountDownLatch(1);
    private final int context;
    private final boolean base;
    private final Function<Prompt, String> answers;

    /** After the character {@link #WAIT} of an answer it waits until it is cancelled. */
    FakeModel(int context, boolean base, Function<Prompt, String> answers) {
        this.context = context;
        this.base = base;
        this.answers = answers;
    }

    static String text(Prompt prompt) {
        if (prompt instanceof Prompt.Chat chat) {
            StringBuilder text = new StringBuilder();
            chat.messages()
                    .forEach(message ->
                            text.append(message.role().wireName().charAt(0)).append(message.content()));
            return text.toString();
        }
        return ((Prompt.Text) prompt).text();
    }

    String lastPrompt() {
        return text(requests.get(requests.size() - 1).prompt());
    }

    @Override
    public GenerationStream stream(GenerationRequest request) {
        requests.add(request);
        int length = text(request.prompt()).length();
        if (length >= context) {
            throw new CapacityException("the prompt has " + length + " tokens");
        }
        return new FakeStream(length, answers.apply(request.prompt()));
    }

    private final class FakeStream implements GenerationStream {
        private final int promptTokens;
        private final String answer;
        private final CountDownLatch cancelled = new CountDownLatch(1);
        private int next;

        FakeStream(int promptTokens, String answer) {
            this.promptTokens = promptTokens;
            this.answer = answer;
        }

        @Override
        public boolean hasNext() {
            if (next > 0 && answer.charAt(next - 1) == WAIT) {
                waiting.countDown();
                try {
                    cancelled.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return next < answer.length() && cancelled.getCount() > 0;
        }

        @Override
        public TextChunk next() {
            if (next >= answer.length()) {
                throw new NoSuchElementException();
            }
            return new TextChunk(answer.substring(next, ++next), List.of());
        }

        @Override
        public GenerationResult result() {
            FinishReason reason = cancelled.getCount() > 0 ? FinishReason.STOP : FinishReason.CANCELLED;
            return new GenerationResult(
                    answer.substring(0, next),
                    reason,
                    promptTokens,
                    0,
                    next,
                    Duration.ofMillis(50),
                    Duration.ofMillis(1050),
                    List.of());
        }

        @Override
        public int promptTokens() {
            return promptTokens;
        }

        @Override
        public void cancel() {
            cancelled.countDown();
        }

        @Override
        public void close() {
            cancel();
        }
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public int contextLength() {
        return context;
    }

    @Override
    public int vocabularySize() {
        return 0x10000;
    }

    @Override
    public Optional<String> template() {
        return base ? Optional.empty() : Optional.of("plain");
    }

    @Override
    public int[] tokenize(Prompt prompt) {
        return text(prompt).chars().toArray();
    }

    @Override
    public RunningGeneration start(GenerationRequest request, GenerationObserver observer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String detokenize(int[] ids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ModelStatistics statistics() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void cancelAll() {
        throw new AssertionError("the chat cancels its own answer only");
    }

    @Override
    public void close() {}
}
