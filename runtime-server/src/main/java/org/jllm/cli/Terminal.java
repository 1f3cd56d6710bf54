package org.jllm.cli;

import java.io.Console;

/** Whether a person sits there. */
final class Terminal {
    private Terminal() {}

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
