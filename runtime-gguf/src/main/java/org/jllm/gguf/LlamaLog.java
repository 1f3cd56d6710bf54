package org.jllm.gguf;

import com.sun.jna.Pointer;
import java.util.Optional;
import org.jllm.gguf.binding.LogCallback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sends the log lines of llama.cpp to SLF4J, and remembers the first error of each thread: llama.cpp's functions say only
 * that they failed. Its levels go down by one, because an error comes back as an exception, and what it calls information
 * is a hundred lines a model.
 */
final class LlamaLog implements LogCallback {
    private static final Logger LOGGER = LoggerFactory.getLogger("org.jllm.llama.cpp");

    private static final String CPU_LOADED = "loaded CPU backend from ";

    private volatile @Nullable String cpuLibrary;
    private final ThreadLocal<Line> line = ThreadLocal.withInitial(Line::new);
    private final ThreadLocal<String> firstError = new ThreadLocal<>();

    private static final class Line {
        final StringBuilder text = new StringBuilder();
        int level = LEVEL_INFO;
    }

    @Override
    public void invoke(int level, Pointer text, @Nullable Pointer userData) {
        Line current = line.get();
        if (level != LEVEL_CONT) {
            flush(current);
            current.level = level;
        }
        current.text.append(text.getString(0, "UTF-8"));
        if (current.text.length() > 0 && current.text.charAt(current.text.length() - 1) == '\n') {
            flush(current);
        }
    }

    private void flush(Line current) {
        String text = current.text.toString().strip();
        current.text.setLength(0);
        if (text.isEmpty()) {
            return;
        }
        if (current.level == LEVEL_ERROR && firstError.get() == null) {
            firstError.set(withoutFunction(text));
        }
        int loaded = text.indexOf(CPU_LOADED);
        if (loaded >= 0) {
            cpuLibrary = text.substring(loaded + CPU_LOADED.length());
        }
        LOGGER.atLevel(level(current.level)).log(text);
    }

    private static Level level(int level) {
        return switch (level) {
            case LEVEL_ERROR -> Level.WARN;
            case LEVEL_WARN -> Level.INFO;
            case LEVEL_INFO -> Level.DEBUG;
            default -> Level.TRACE;
        };
    }

    /** Lines begin with the name of a function, and some with a second, vaguer part. */
    private static String withoutFunction(String text) {
        String line = text.lines().findFirst().orElse("").replaceFirst("^[a-z_0-9:~]+: ", "");
        return line.replaceFirst("^error loading model: ", "");
    }

    /** The file of the CPU backend that was loaded. */
    Optional<String> cpuLibrary() {
        return Optional.ofNullable(cpuLibrary);
    }

    /** Forgets the first error of the current thread. */
    void forgetError() {
        firstError.remove();
    }

    /** The first error that the current thread met since it forgot the one before. */
    Optional<String> firstError() {
        flush(line.get());
        return Optional.ofNullable(firstError.get());
    }
}
