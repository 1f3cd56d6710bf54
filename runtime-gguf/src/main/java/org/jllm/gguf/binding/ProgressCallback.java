package org.jllm.gguf.binding;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** {@code llama_progress_callback}: takes how much of a model is loaded, from 0 to 1; 0 (false) ends the loading. */
public interface ProgressCallback extends Callback {
    byte invoke(float progress, @Nullable Pointer userData);
}
