package org.jllm.tokenizer.words;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jllm.api.EngineException;
import org.jllm.api.JllmException;
import org.jllm.api.UnsupportedModelException;
import org.jspecify.annotations.Nullable;

/**
 * Juman++ as a program of its own, which runs as long as this is open and is started again when it has ended. One text at a
 * time goes through it.
 */
public final class JumanppAnalyser implements Analyser {
    private static final String PROGRAM = "jumanpp";
    private static final String MISSING = "the tokenizer takes the words of Juman++, and there is no program " + PROGRAM
            + " on the PATH: install Juman++ 2.0.0-rc3 (https://github.com/ku-nlp/jumanpp), or give text that is cut into"
            + " its words, with spaces between them, and --pre-segmented (setting pre_segmented)";
    private static final Pattern LINE_END = Pattern.compile("[\\r\\n]+");
    private static final long PATIENCE_SECONDS = 60;

    private final List<String> command;
    private final long patienceSeconds;
    private @Nullable JumanppProcess process;
    private boolean closed;

    JumanppAnalyser(List<String> command) {
        this(command, PATIENCE_SECONDS);
    }

    /** @param patienceSeconds how long a line may take */
    JumanppAnalyser(List<String> command, long patienceSeconds) {
        this.command = List.copyOf(command);
        this.patienceSeconds = patienceSeconds;
    }

    /**
     * Juman++ where the path has it.
     *
     * @throws UnsupportedModelException if it has not
     */
    public static AnalyserChoice choose() {
        return choose(System.getenv());
    }

    static AnalyserChoice choose(Map<String, String> environment) {
        Path program =
                find(environment.getOrDefault("PATH", "")).orElseThrow(() -> new UnsupportedModelException(MISSING));
        return new AnalyserChoice(
                "words of Juman++, the program " + program, () -> new JumanppAnalyser(List.of(program.toString())));
    }

    private static Optional<Path> find(String path) {
        return List.of(path.split(File.pathSeparator)).stream()
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> List.of(PROGRAM, PROGRAM + ".exe").stream().map(Path.of(folder)::resolve))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** Juman++ takes a line at a time; one that begins with "# " would be a comment to it, so that # goes by itself. */
    @Override
    public synchronized List<String> words(String text) {
        if (closed) {
            throw new IllegalStateException("the tokenizer has been closed");
        }
        List<String> words = new ArrayList<>();
        for (String line : LINE_END.split(text.replace('\0', ' '))) {
            String rest = line;
            while (rest.startsWith("# ")) {
                words.add("#");
                rest = rest.substring("# ".length());
            }
            if (!rest.isEmpty()) {
                words.addAll(wordsOfLine(rest));
            }
        }
        return words;
    }

    private List<String> wordsOfLine(String line) {
        JumanppProcess running = process;
        boolean old = running != null && running.isAlive();
        try {
            return ask(old && running != null ? running : restart(), line);
        } catch (IOException e) {
            if (!old) {
                throw failed(e);
            }
        }
        try {
            return ask(restart(), line);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private EngineException failed(IOException cause) {
        stop();
        return new EngineException(
                "Juman++ (" + String.join(" ", command) + ") failed: " + cause.getMessage()
                        + "; does it work in a terminal?",
                cause);
    }

    private List<String> ask(JumanppProcess running, String line) throws IOException {
        FutureTask<List<String>> answer = new FutureTask<>(() -> running.words(line));
        Thread reader = new Thread(answer, "jumanpp");
        reader.setDaemon(true);
        reader.start();
        try {
            return answer.get(patienceSeconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            stop();
            throw new EngineException("Juman++ has not answered within " + patienceSeconds + " s", e);
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
            throw new EngineException("interrupted while Juman++ was at work", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw e.getCause() instanceof JllmException known ? known : new EngineException("Juman++ failed", e);
        }
    }

    private JumanppProcess restart() {
        stop();
        JumanppProcess started = JumanppProcess.start(command);
        process = started;
        return started;
    }

    private void stop() {
        if (process != null) {
            process.close();
            process = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        stop();
    }
}
