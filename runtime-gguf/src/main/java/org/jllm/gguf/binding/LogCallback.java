package org.jllm.gguf.binding;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** {@code ggml_log_callback}: takes a piece of a log line, on any thread. */
public interface LogCallback extends Callback {
    int LEVEL_DEBUG = 1;
    int LEVEL_INFO = 2;
    int LEVEL_WARN = 3;
    int LEVEL_ERROR = 4;
    /** Goes on with the line before. */
    int LEVEL_CONT = 5;

    void invoke(int level, Pointer text, @Nullable Pointer userData);
}
