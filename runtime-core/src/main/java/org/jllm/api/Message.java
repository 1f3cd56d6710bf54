package org.jllm.api;

import java.util.Locale;

/** One message of a chat. {@code content} is plain text: control tokens written in it stay text. */
public record Message(Role role, String content) {
    /** Who speaks. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT;

        /** The role as templates and the OpenAI protocol write it. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Message system(String content) {
        return new Message(Role.SYSTEM, content);
    }

    public static Message user(String content) {
        return new Message(Role.USER, content);
    }

    public static Message assistant(String content) {
        return new Message(Role.ASSISTANT, content);
    }
}
