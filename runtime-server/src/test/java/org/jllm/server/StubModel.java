package org.jllm.server;

import java.util.Optional;
import org.jllm.api.GenerationObserver;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationStream;
import org.jllm.api.LanguageModel;
import org.jllm.api.ModelStatistics;
import org.jllm.api.Prompt;
import org.jllm.api.RunningGeneration;

/** A model that only has a name, and tells when it is closed. */
record StubModel(String name, Runnable onClose) implements LanguageModel {
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
        return Optional.empty();
    }

    @Override
    public RunningGeneration start(GenerationRequest request, GenerationObserver observer) {
        throw new AssertionError("it generates nothing");
    }

    @Override
    public GenerationStream stream(GenerationRequest request) {
        throw new AssertionError("it generates nothing");
    }

    @Override
    public int[] tokenize(Prompt prompt) {
        throw new AssertionError("it has no tokenizer");
    }

    @Override
    public String detokenize(int[] ids) {
        throw new AssertionError("it has no tokenizer");
    }

    @Override
    public ModelStatistics statistics() {
        return new ModelStatistics(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    }

    @Override
    public void cancelAll() {}

    @Override
    public void close() {
        onClose.run();
    }
}
