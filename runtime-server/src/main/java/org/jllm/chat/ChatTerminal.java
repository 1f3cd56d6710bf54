package org.jllm.chat;

import java.nio.file.Path;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/** A chat with a person at a terminal. Ctrl-C ends the answer that runs, never the chat. */
final class ChatTerminal implements ChatView {
    private static final int HISTORY_LINES = 1000;

    private final Terminal terminal;
    private final LineReader reader;
    private boolean answering;
    private boolean atLineStart = true;

    ChatTerminal(Terminal terminal, Optional<Path> history) {
        this.terminal = terminal;
        DefaultParser parser = new DefaultParser();
        parser.setEscapeChars(new char[0]);
        parser.setQuoteChars(new char[0]);
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("jllm")
                .parser(parser)
                .completer(new ChatCompleter())
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true) // a ! is a !
                .option(LineReader.Option.BRACKETED_PASTE, true)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "  ")
                .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES);
        history.ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
        reader = builder.build();
        reader.getWidgets().put(LineReader.ACCEPT_LINE, this::acceptLine);
    }

    /** Enter ends the message, or only its line. */
    private boolean acceptLine() {
        String typed = reader.getBuffer().toString();
        if (MultiLine.continues(typed)) {
            reader.getBuffer().clear();
            reader.getBuffer().write(MultiLine.continued(typed));
            return true;
        }
        reader.callWidget("." + LineReader.ACCEPT_LINE);
        return true;
    }

    /** Reads messages and has them answered until the user ends the chat. */
    void run(ChatSession session) {
        Terminal.SignalHandler before = terminal.handle(Signal.INT, signal -> session.interrupt());
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = readMessage(session);
            }
        } finally {
            terminal.handle(Signal.INT, before);
        }
    }

    private boolean readMessage(ChatSession session) {
        String typed;
        try {
            typed = reader.readLine("> ");
        } catch (UserInterruptException e) {
            Thread.interrupted(); // can still be set, and would end the next line, too
            if (e.getPartialLine().isEmpty()) {
                note("/exit or Ctrl-D ends the chat");
            }
            return true;
        } catch (EndOfFileException e) {
            return false;
        }
        boolean interruptedLate = Thread.interrupted(); // Ctrl-C after Enter: the line editor's way to be woken
        Attributes attributes = terminal.getAttributes();
        Attributes silent = new Attributes(attributes);
        silent.setLocalFlag(LocalFlag.ECHO, false); // keys that are hit during an answer do not show in it
        terminal.setAttributes(silent);
        try {
            return interruptedLate || session.accept(MultiLine.message(typed));
        } finally {
            terminal.setAttributes(attributes);
        }
    }

    @Override
    public boolean text(String part) {
        answering = true;
        // What a model says must not steer the terminal.
        String shown = part.replaceAll("[\\p{Cc}&&[^\\n\\t]]", "");
        atLineStart = shown.isEmpty() ? atLineStart : shown.endsWith("\n");
        terminal.writer().print(shown);
        terminal.flush();
        return true;
    }

    @Override
    public void answered(String status) {
        endLine();
        print(status, AttributedStyle.DEFAULT.faint());
    }

    @Override
    public void note(String message) {
        print(message, AttributedStyle.DEFAULT.faint());
    }

    @Override
    public void error(String message) {
        if (answering) {
            endLine();
        }
        print(message, AttributedStyle.DEFAULT.foreground(AttributedStyle.RED));
    }

    private void endLine() {
        if (!atLineStart) {
            terminal.writer().println();
        }
        answering = false;
        atLineStart = true;
    }

    private void print(String message, AttributedStyle style) {
        terminal.writer().println(new AttributedString(message, style).toAnsi(terminal));
        terminal.flush();
    }
}
