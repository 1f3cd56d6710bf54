package org.jllm.prompt;

import java.util.List;
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
}
