package org.jllm.chat;

import java.util.ArrayList;
import java.util.List;
import org.jllm.api.Message;
import org.jllm.api.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * What has been said.
 *
 * @param system the message that precedes all others; null: none
 * @param messages questions and answers in turn, as many of the one as of the other
 */
record Conversation(@Nullable String system, List<Message> messages) {
    Conversation {
        messages = List.copyOf(messages);
    }

    static Conversation of(@Nullable String system) {
        return new Conversation(system, List.of());
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    Conversation restarted() {
        return of(system);
    }

    Conversation plus(String question, String answer) {
        List<Message> all = new ArrayList<>(messages);
        all.add(Message.user(question));
        all.add(Message.assistant(answer));
        return new Conversation(system, all);
    }

    /** Without the oldest question and its answer; the system message stays. */
    Conversation withoutOldest() {
        return new Conversation(system, messages.subList(2, messages.size()));
    }

    /** All that has been said and this question. */
    Prompt asking(String question) {
        List<Message> all = new ArrayList<>();
        if (system != null) {
            all.add(Message.system(system));
        }
        all.addAll(messages);
        all.add(Message.user(question));
        return new Prompt.Chat(all);
    }
}
