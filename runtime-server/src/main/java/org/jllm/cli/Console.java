package org.jllm.cli;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out for what was asked for and nothing else
 * @param err for everything else
 */
record Console(PrintStream out, PrintStream err) {
    /** One line that says what is wrong. */
    void error(String message) {
        err.println("jllm: " + message.replaceAll("\\s*\\R\\s*", " "));
    }

    /** One line of information beside the answer. */
    void note(String message) {
        err.println(message);
    }
}
