package org.jllm.api;

import java.util.Arrays;
import java.util.List;

/** What a model is asked to continue. */
public sealed interface Prompt {
    /** A chat, rendered by the model's prompt template. */
    record Chat(List<Message> messages) implements Prompt {
        public Chat {
            messages = List.copyOf(messages);
            if (messages.isEmpty()) {
                throw new InvalidRequestException("a chat needs at least one message");
            }
        }
    }

    /** Text that is continued as it stands; special tokens written in it count as such. */
    record Text(String text) implements Prompt {}

    /** Token ids, each at least 0 and below the size of the model's vocabulary. Nothing is put before them. */
    @SuppressWarnings("ArrayRecordComponent") // compared and copied below
    record Tokens(int[] ids) implements Prompt {
        public Tokens {
            ids = ids.clone();
        }

        @Override
        public int[] ids() {
            return ids.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Tokens tokens && Arrays.equals(ids, tokens.ids);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(ids);
        }
    }

    /** A chat of one question. */
    static Prompt question(String text) {
        return new Chat(List.of(Message.user(text)));
    }
}
