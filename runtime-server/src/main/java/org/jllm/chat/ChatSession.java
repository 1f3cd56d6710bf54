package org.jllm.chat;

import org.jllm.api.CapacityException;
import org.jllm.api.GenerationOptions;
import org.jllm.api.GenerationRequest;
import org.jllm.api.GenerationResult;
import org.jllm.api.GenerationStream;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.LanguageModel;
import org.jllm.api.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * A chat with a model: what was said, the settings, the answers. A base model continues each message by itself. For use by
 * one thread, but for {@link #interrupt}.
 */
final class ChatSession {
    /** An answer gets at least this share of the context, as long as there is something old to forget. */
    private static final int ANSWER_SHARE = 4;

    private final LanguageModel model;
    private final ChatSettings settings;
    private final ChatView view;
    private final ChatCommands commands = new ChatCommands(this);
    private Conversation conversation;
    private int failures;
    private volatile boolean interrupted;
    private volatile @Nullable GenerationStream running;

    ChatSession(LanguageModel model, @Nullable String system, ChatSettings settings, ChatView view) {
        this.model = model;
        this.settings = settings;
        this.view = view;
        conversation = Conversation.of(system);
    }

    /**
     * Answers a message or obeys a command; errors go to the view.
     *
     * @return whether the chat goes on
     */
    boolean accept(String message) {
        if (message.isBlank()) {
            return true;
        }
        try {
            if (message.startsWith("/") && !message.startsWith("//")) {
                return commands.obey(message);
            }
            String text = message.startsWith("//") ? message.substring(1) : message;
            if (isBase()) {
                stream(new Prompt.Text(text));
            } else {
                answer(text);
            }
        } catch (JllmException e) {
            failures++;
            view.error(String.valueOf(e.getMessage()));
        }
        return true;
    }

    /** Ends the answer that runs, if any; what there is of it stays in the conversation. Any thread may call it. */
    void interrupt() {
        interrupted = true;
        GenerationStream stream = running;
        if (stream != null) {
            stream.cancel();
        }
    }

    private void answer(String question) {
        Conversation remembered = withRoom(question);
        GenerationResult result = null;
        while (result == null) {
            try {
                result = stream(remembered.asking(question));
            } catch (CapacityException e) {
                if (remembered.isEmpty()) {
                    throw e;
                }
                remembered = remembered.withoutOldest();
            }
        }
        int forgotten = conversation.messages().size() - remembered.messages().size();
        conversation = result.text().isEmpty() ? remembered : remembered.plus(question, result.text());
        if (forgotten > 0) {
            view.note("the context of " + model.contextLength() + " tokens is full: forgot the oldest " + forgotten
                    + " messages");
        }
    }

    /** The conversation without the oldest messages that leave too little room for an answer. */
    private Conversation withRoom(String question) {
        Integer most = settings.options().maxTokens();
        int share = model.contextLength() / ANSWER_SHARE;
        int room = model.contextLength() - (most == null ? share : Math.min(most, share));
        Conversation remembered = conversation;
        while (!remembered.isEmpty() && model.tokenize(remembered.asking(question)).length > room) {
            remembered = remembered.withoutOldest();
        }
        return remembered;
    }

    private GenerationResult stream(Prompt prompt) {
        GenerationOptions options = settings.options();
        interrupted = false;
        try (GenerationStream stream = model.stream(GenerationRequest.of(prompt, options))) {
            running = stream;
            if (interrupted) {
                stream.cancel();
            }
            while (stream.hasNext()) {
                String text = stream.next().text();
                if (!text.isEmpty() && !view.text(text)) {
                    stream.cancel();
                }
            }
            GenerationResult result = stream.result();
            view.answered(StatusLine.of(result, model.contextLength()));
            return result;
        } finally {
            running = null;
        }
    }

    boolean isBase() {
        return model.template().isEmpty();
    }

    /** Answers and commands that failed so far. */
    int failures() {
        return failures;
    }

    LanguageModel model() {
        return model;
    }

    ChatSettings settings() {
        return settings;
    }

    ChatView view() {
        return view;
    }

    /**
     * What was said.
     *
     * @throws InvalidRequestException if this is a base model, which has no conversation
     */
    Conversation conversation() {
        if (isBase()) {
            throw new InvalidRequestException(
                    model.name() + " is a base model: there is no conversation; --chat-template forces a chat");
        }
        return conversation;
    }

    void setConversation(Conversation next) {
        conversation = next;
    }
}
