package org.jllm.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jllm.api.JllmException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code jllm}. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "jllm",
        description = "Runs Japanese language models on this machine.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true)
public final class Main implements Runnable {
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    @Option(
            names = "--debug",
            description = "Show log messages and the stack traces of errors.",
            scope = ScopeType.INHERIT)
    @SuppressWarnings("UnusedVariable") // read by isDebug, before picocli and the loggers start
    private boolean debug;

    @Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(java.util.Objects.requireNonNull(spec).commandLine(), "which COMMAND?");
    }

    public static void main(String[] arguments) {
        boolean debug = isDebug(arguments);
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", debug ? "debug" : "error");
        // What goes wrong in it is told in a line of our own.
        System.setProperty("org.slf4j.simpleLogger.log.io.javalin", debug ? "debug" : "off");
        // Proxies that want a password get it also where TLS runs through them; read when the first request is made.
        if (System.getProperty("jdk.http.auth.tunneling.disabledSchemes") == null) {
            System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        }
        // Bytes of standard output are UTF-8 whatever the locale says.
        StandardOutput standard = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        PrintStream out = new PrintStream(standard, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = execute(out, err, debug, arguments);
        if (out.checkError()) { // flushes
            standard.failure().ifPresent(new Console(out, err)::error);
            code = code == 0 ? FAILED : code;
        }
        // Native worker threads do not keep a process that is done.
        System.exit(code);
    }

    /** Runs a command line; the answer goes to {@code out}, everything else to {@code err}. */
    static int execute(PrintStream out, PrintStream err, boolean debug, String... arguments) {
        Console console = new Console(out, err);
        CommandLine commands = new CommandLine(new Main(), new CommandFactory(console));
        Subcommands.wanted(arguments).forEach(commands::addSubcommand);
        commands.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        commands.setParameterExceptionHandler((e, given) -> {
            CommandLine command = e.getCommandLine();
            console.error(e.getMessage() + " (see '" + command.getCommandSpec().qualifiedName() + " --help')");
            return WRONG_USAGE;
        });
        commands.setExecutionExceptionHandler((e, command, given) -> {
            if (e instanceof ParameterException usage) {
                return command.getParameterExceptionHandler().handleParseException(usage, arguments);
            }
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            console.error(e instanceof JllmException ? message : "unexpected error: " + e + " (--debug shows where)");
            if (debug) {
                e.printStackTrace(err);
            }
            return FAILED;
        });
        try {
            return commands.execute(arguments);
        } catch (OutOfMemoryError | StackOverflowError e) {
            console.error(
                    "this needs more memory than Java may use (" + e + "): raise it with JLLM_JAVA_OPTIONS=-Xmx8g");
            if (debug) {
                e.printStackTrace(err);
            }
            return FAILED;
        }
    }

    /** Loggers are set up before the command line is parsed, so this looks for the flag itself. */
    private static boolean isDebug(String[] arguments) {
        for (String argument : arguments) {
            if (argument.equals("--")) {
                return false;
            }
            if (argument.equals("--debug")) {
                return true;
            }
        }
        return false;
    }
}
