package org.jllm.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.terminal.TerminalBuilder;

/** Whether a person sits there. */
final class Terminal {
    private Terminal() {}

    /** Whether standard error is a terminal; where the system does not say, whether the others are. */
    static boolean showsErrors() {
        return isTerminal(2);
    }

    /** Whether standard input is a terminal; where the system does not say, whether input and output are. */
    static boolean isTypedInto() {
        return isTerminal(0);
    }

    /** Columns of the terminal that standard output is; 0 if it is none or does not say. */
    static int columns() {
        String given = System.getenv("COLUMNS");
        if (!isTerminal(1)) {
            return 0;
        }
        if (given != null && given.matches("[1-9]\\d{0,3}")) {
            return Integer.parseInt(given);
        }
        try (org.jline.terminal.Terminal terminal =
                TerminalBuilder.builder().system(true).dumb(true).build()) {
            return terminal.getWidth();
        } catch (IOException | IllegalStateException e) {
            return 0;
        }
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return isInteractive();
        }
    }

    /** Whether both standard input and output are a terminal. */
    @SuppressWarnings("SystemConsoleNull") // from Java 22 on there is always a console, which says itself what it is
    static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
