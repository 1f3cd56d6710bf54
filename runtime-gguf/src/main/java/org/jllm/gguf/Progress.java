package org.jllm.gguf;

import com.sun.jna.Pointer;
import java.util.function.DoubleConsumer;
import org.jllm.gguf.binding.ProgressCallback;
import org.jspecify.annotations.Nullable;

/** Tells a listener of llama.cpp's progress; where it throws, loading ends and {@link #rethrow()} passes that on. */
final class Progress implements ProgressCallback {
    private final DoubleConsumer listener;
    private @Nullable RuntimeException cancelled;

    Progress(DoubleConsumer listener) {
        this.listener = listener;
    }

    @Override
    public byte invoke(float progress, @Nullable Pointer userData) {
        try {
            listener.accept(progress);
            return 1;
        } catch (RuntimeException e) {
            cancelled = e;
            return 0;
        }
    }

    void rethrow() {
        if (cancelled != null) {
            throw cancelled;
        }
    }
}
