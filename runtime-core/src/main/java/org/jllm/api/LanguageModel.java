package org.jllm.api;

import java.util.Optional;

/** A loaded model that continues text. Safe for use by several threads; requests take turns. */
public interface LanguageModel extends AutoCloseable {
    /** The name that it was opened by. */
    String name();

    /** Positions that prompt and answer together may fill. */
    int contextLength();

    /** The prompt template that chats are rendered with; empty for a base model, which takes texts and tokens only. */
    Optional<String> template();

    /**
     * Continues a prompt and hands the text on while it grows.
     *
     * @throws InvalidRequestException if the prompt or the options cannot be used with this model
     * @throws CapacityException if the prompt leaves no room in the context
     */
    GenerationResult generate(Prompt prompt, GenerationOptions options, TextListener listener);

    /** Continues a prompt and returns the whole text. */
    default GenerationResult generate(Prompt prompt, GenerationOptions options) {
        return generate(prompt, options, text -> true);
    }

    /** Answers one question, or continues it if this is a base model, with the model's own settings. */
    default String ask(String question) {
        Prompt prompt = template().isPresent() ? Prompt.question(question) : new Prompt.Text(question);
        return generate(prompt, GenerationOptions.none()).text();
    }

    /** Frees the weights and the caches. A generation that is running finishes first. */
    @Override
    void close();
}
