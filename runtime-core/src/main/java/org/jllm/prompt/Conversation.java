package org.jllm.prompt;

import java.util.ArrayList;
import java.util.List;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.Message;
import org.jllm.api.Message.Role;
import org.jllm.prompt.TemplateForm.SystemMessage;
import org.jspecify.annotations.Nullable;

/** A chat in the order that a {@link TemplateForm} asks for; the last question has no answer yet. */
record Conversation(@Nullable String system, List<Turn> turns) {
    /** A question, what it is about where that stands apart, and its answer. */
    record Turn(
            String question,
            @Nullable String input,
            @Nullable String answer) {}

    Conversation {
        turns = List.copyOf(turns);
    }

    /**
     * The chat of these messages.
     *
     * @throws InvalidRequestException if the form has no place for one of them
     */
    static Conversation of(List<Message> messages, TemplateForm form) {
        boolean first = !messages.isEmpty() && messages.get(0).role() == Role.SYSTEM;
        if (first && form.systemMessage() == SystemMessage.REFUSED) {
            throw refused(form, "takes no system message: leave it out");
        }
        boolean taken = first && form.systemMessage() == SystemMessage.TAKEN;
        String system = taken ? messages.get(0).content() : form.defaultSystem();
        List<Turn> turns = turns(messages, first ? 1 : 0, form);
        if (turns.size() > 1 && !form.severalTurns()) {
            throw refused(
                    form,
                    "is for one question, and its models learned no conversations: send the last question"
                            + " alone, or start a new chat");
        }
        return new Conversation(system, turns);
    }

    private static List<Turn> turns(List<Message> messages, int start, TemplateForm form) {
        List<Turn> turns = new ArrayList<>();
        int i = start;
        do {
            String question = content(messages, i++, Role.USER, form);
            String input = form.withInput() != null && is(messages, i, Role.USER)
                    ? messages.get(i++).content()
                    : null;
            String answer = i < messages.size() ? content(messages, i++, Role.ASSISTANT, form) : null;
            turns.add(new Turn(question, input, answer));
            if (answer == null) {
                return turns;
            }
        } while (true);
    }

    private static String content(List<Message> messages, int index, Role role, TemplateForm form) {
        if (index == messages.size()) {
            throw refused(form, "needs a user message at the end");
        }
        if (!is(messages, index, role)) {
            String input = form.withInput() == null ? "" : ", or a question and then its input as two user messages";
            throw refused(
                    form,
                    "takes user and assistant messages in turn" + input + ", after at most one system message, but"
                            + " message " + (index + 1) + " is from the "
                            + messages.get(index).role().wireName());
        }
        return messages.get(index).content();
    }

    private static boolean is(List<Message> messages, int index, Role role) {
        return index < messages.size() && messages.get(index).role() == role;
    }

    private static InvalidRequestException refused(TemplateForm form, String why) {
        return new InvalidRequestException("the prompt template " + form.name() + " " + why);
    }
}
