package org.jllm.server;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jllm.api.GenerationObserver;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationStream;
import org.jllm.api.LanguageModel;
import org.jllm.api.ModelStatistics;
import org.jllm.api.Prompt;
import org.jllm.api.RunningGeneration;

/** A model that does with each observer what a test says, and tells when it is cancelled. */
final class FakeModel implements LanguageModel {
    final CountDownLatch cancelled = new CountDownLatch(1);
    private final Optional<String> template;
    private final Consumer<GenerationObserver> script;

    FakeModel(Optional<String> template, Consumer<GenerationObserver> script) {
        this.template = template;
        this.script = script;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public int contextLength() {
        return 10;
    }

    @Override
    public int vocabularySize() {
        return 10;
    }

    @Override
    public Optional<String> template() {
        return template;
    }

    @Override
    public RunningGeneration start(GenerationRequest request, GenerationObserver observer) {
        script.accept(observer);
        return new RunningGeneration() {
            @Override
            public int promptTokens() {
                return 1;
            }

            @Override
            public void cancel() {
                cancelled.countDown();
            }
        };
    }

    @Override
    public GenerationStream stream(GenerationRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int[] tokenize(Prompt prompt) {
        return new int[0];
    }

    @Override
    public String detokenize(int[] ids) {
        return "";
    }

    @Override
    public ModelStatistics statistics() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void cancelAll() {
        throw new AssertionError("a request cancels its own generations only");
    }

    @Override
    public void close() {}
}
