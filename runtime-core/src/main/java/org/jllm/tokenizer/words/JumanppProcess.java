package org.jllm.tokenizer.words;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jllm.api.EngineException;
import org.jspecify.annotations.Nullable;

/** A running {@code jumanpp}: a line goes in, its words come out, a line each, and then {@code EOS}. For one thread. */
final class JumanppProcess implements AutoCloseable {
    private static final String END = "EOS";
    /** With the space behind it: a single backslash is a word, too. */
    private static final String ESCAPED_SPACE = "\\  ";

    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;

    private JumanppProcess(Process process) {
        this.process = process;
        in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static JumanppProcess start(List<String> command) {
        try {
            return new JumanppProcess(
                    new ProcessBuilder(command).redirectError(Redirect.DISCARD).start());
        } catch (IOException e) {
            throw new EngineException("Juman++ does not start: " + e.getMessage(), e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * The words of a line.
     *
     * @throws IOException if the program ends before it has answered
     */
    List<String> words(String line) throws IOException {
        in.write(line);
        in.write('\n');
        in.flush();
        List<String> words = new ArrayList<>();
        for (String answer = out.readLine(); !END.equals(answer); answer = out.readLine()) {
            if (answer == null) {
                throw new IOException("it ended without an answer");
            }
            String word = surface(answer);
            if (word != null) {
                words.add(word);
            }
        }
        return words;
    }

    /** The first field of a word's line; null for comments and for other readings of the word before. */
    private static @Nullable String surface(String answer) {
        if (answer.isEmpty() || answer.startsWith("# ") || (answer.startsWith("@ ") && !answer.startsWith("@ @ "))) {
            return null;
        }
        if (answer.startsWith(ESCAPED_SPACE) || answer.startsWith(" ")) {
            return " ";
        }
        int end = answer.indexOf(' ');
        return end < 0 ? answer : answer.substring(0, end);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
