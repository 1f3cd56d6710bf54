package org.jllm.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jllm.api.LanguageModel;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a model.
 *
 * @param system the system message; null: none
 */
public record Chat(LanguageModel model, @Nullable String system, ChatSettings settings) {

    /**
     * Talks with the person at the terminal of this process, with line editing and history.
     *
     * @return whether there was a terminal to use; if not, nothing has happened
     */
    public boolean atTerminal() throws IOException {
        Optional<Terminal> terminal = terminal();
        if (terminal.isEmpty()) {
            return false;
        }
        try (Terminal opened = terminal.get()) {
            ChatTerminal view = new ChatTerminal(opened, HistoryFile.ofUser());
            view.note(greeting());
            view.run(session(view));
        }
        return true;
    }

    private static Optional<Terminal> terminal() {
        String type = System.getenv("TERM");
        if ("dumb".equals(type)) {
            return Optional.empty();
        }
        // Raised by JLine itself, one Ctrl-C would end two lines: the system's signals are enough.
        System.setProperty(TerminalBuilder.PROP_SOFTWARE_SIGNALS, "false");
        try {
            return Optional.of(TerminalBuilder.builder()
                    .system(true)
                    .dumb(false)
                    .encoding(StandardCharsets.UTF_8)
                    .build());
        } catch (IOException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /**
     * Answers each line of a stream. Nothing but answers goes to {@code out}.
     *
     * @param person whether somebody types the lines and wants to be prompted, on {@code err}
     * @param stats whether to tell the figures of each answer on {@code err} also where nobody types
     * @return whether nothing failed
     */
    public boolean through(InputStream in, PrintStream out, PrintStream err, boolean person, boolean stats)
            throws IOException {
        PlainChat view = new PlainChat(out, err, person, person || stats);
        if (person) {
            view.note(greeting());
        }
        ChatSession session = session(view);
        view.run(session, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        return session.failures() == 0;
    }

    private ChatSession session(ChatView view) {
        return new ChatSession(model, system, settings, view);
    }

    private String greeting() {
        String kind = model.template().isPresent()
                ? ""
                : " This is a base model: each message is continued as text, without a conversation.";
        return model.name() + ", " + model.contextLength() + " tokens of context; /help shows what you can type."
                + kind;
    }
}
