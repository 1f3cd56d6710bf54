package org.jllm.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;

/** A chat through streams: a line is a message, the answers go to one stream and everything else to another. */
final class PlainChat implements ChatView {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean prompting;
    private final boolean stats;
    private boolean answering;

    /**
     * A chat that shows besides the answers what is asked for, on {@code err}.
     *
     * @param prompting whether to ask for each line
     * @param stats whether to tell the figures of each answer
     */
    PlainChat(PrintStream out, PrintStream err, boolean prompting, boolean stats) {
        this.out = out;
        this.err = err;
        this.prompting = prompting;
        this.stats = stats;
    }

    /** Answers lines until they end, {@code /exit} comes or nobody reads the answers any more. */
    void run(ChatSession session, BufferedReader lines) throws IOException {
        String typed = "";
        while (!out.checkError()) {
            prompt(typed);
            String line = lines.readLine();
            if (line == null) {
                if (prompting) {
                    err.println();
                }
                session.accept(MultiLine.message(typed));
                return;
            }
            typed += line;
            if (MultiLine.continues(typed)) {
                typed = MultiLine.continued(typed);
            } else {
                if (!session.accept(MultiLine.message(typed))) {
                    return;
                }
                typed = "";
            }
        }
    }

    private void prompt(String typed) {
        if (prompting) {
            err.print(typed.isEmpty() ? "> " : "  ");
            err.flush();
        }
    }

    @Override
    public boolean text(String part) {
        answering = true;
        out.print(part);
        return !out.checkError(); // flushes; true when the reader has gone
    }

    @Override
    public void answered(String status) {
        endLine();
        if (stats) {
            err.println(status);
        }
    }

    @Override
    public void note(String message) {
        err.println(message);
    }

    @Override
    public void error(String message) {
        if (answering) {
            endLine();
        }
        err.println("jllm: " + message);
    }

    private void endLine() {
        out.println();
        out.flush();
        answering = false;
    }
}
