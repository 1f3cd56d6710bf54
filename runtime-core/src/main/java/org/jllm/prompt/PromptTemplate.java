package org.jllm.prompt;

import java.util.List;
import java.util.Optional;
import org.jllm.api.Message;
import org.jllm.tokenizer.MarkedText;

/** Turns a chat into the text that a model was trained on. Implementations are safe for use by several threads. */
public interface PromptTemplate {
    /**
     * The prompt of a chat, ready for the model's answer. The special-token strings in the messages' contents are
     * literal ranges of it.
     *
     * @throws org.jllm.api.InvalidRequestException if the template does not take this chat (its own words say why)
     */
    MarkedText render(List<Message> messages);

    /** What {@code jllm show} says of it: {@code chat_template}, {@code llama-2}, {@code plain}, … */
    String name();

    /** Whether the tokenizer may put its BOS before a prompt that does not begin with one. */
    default boolean addSpecialTokens() {
        return true;
    }

    /** Strings that end an answer, whatever a request asks for besides. One that is a special token ends it as a token. */
    default List<String> stop() {
        return List.of();
    }

    /** What the model writes for a line feed, where that is not a line feed. */
    default Optional<String> lineFeed() {
        return Optional.empty();
    }
}
