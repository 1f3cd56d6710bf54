package org.jllm.api;

import java.util.Optional;

/**
 * A loaded model that continues text. Safe for use by several threads; their requests are computed together, and each gets
 * the text that it would get alone.
 */
public interface LanguageModel extends AutoCloseable {
    /** The name that it was opened by. */
    String name();

    /** Positions that prompt and answer together may fill. */
    int contextLength();

    /** Tokens that the model knows: ids are at least 0 and below this. */
    int vocabularySize();

    /** The prompt template that chats are rendered with; empty for a base model, which takes texts and tokens only. */
    Optional<String> template();

    /**
     * Begins to continue a prompt and returns at once.
     *
     * @throws InvalidRequestException if the prompt or the options cannot be used with this model
     * @throws CapacityException if the prompt leaves no room in the context
     * @throws OverloadedException if too many requests wait already
     * @throws UnavailableException if the model is being closed
     */
    RunningGeneration start(GenerationRequest request, GenerationObserver observer);

    /** Begins to continue a prompt and returns its text to be read while it grows; fails like {@link #start}. */
    GenerationStream stream(GenerationRequest request);

    /** Continues a prompt and hands the text on while it grows, on the calling thread; fails like {@link #start}. */
    default GenerationResult generate(Prompt prompt, GenerationOptions options, TextListener listener) {
        try (GenerationStream stream = stream(GenerationRequest.of(prompt, options))) {
            while (stream.hasNext()) {
                String text = stream.next().text();
                if (!text.isEmpty() && !listener.onText(text)) {
                    stream.cancel();
                }
            }
            return stream.result();
        }
    }

    /** Continues a prompt and returns the whole text. */
    default GenerationResult generate(Prompt prompt, GenerationOptions options) {
        return generate(prompt, options, text -> true);
    }

    /** Answers one question, or continues it if this is a base model, with the model's own settings. */
    default String ask(String question) {
        Prompt prompt = template().isPresent() ? Prompt.question(question) : new Prompt.Text(question);
        return generate(prompt, GenerationOptions.none()).text();
    }

    /** The tokens that a prompt becomes, special tokens included. */
    int[] tokenize(Prompt prompt);

    /**
     * The text of tokens, special tokens included by name; bytes that are no UTF-8 become U+FFFD.
     *
     * @throws InvalidRequestException if an id is outside the vocabulary
     */
    String detokenize(int[] ids);

    /** What it is doing and has done. */
    ModelStatistics statistics();

    /** Cancels all requests that run or wait. */
    void cancelAll();

    /** Takes no more requests, lets those that it has finish, and frees the weights and the caches. */
    @Override
    void close();
}
