package org.jllm.gguf;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.util.Optional;
import org.jllm.gguf.binding.GgmlBase;
import org.jllm.gguf.binding.GgmlThreadpoolParams;
import org.jllm.gguf.binding.Llama;

/** Threads of ggml that live as long as a context: without them it would start new ones for each token. */
final class Threadpool implements AutoCloseable {
    /** A few milliseconds of spinning: longer than sampling takes, short enough to leave the cores to others. */
    private static final int POLL = 1;

    private final Pointer handle;
    private final Function free;

    private Threadpool(Pointer handle, Function free) {
        this.handle = handle;
        this.free = free;
    }

    /** Threads for a context; empty where one thread needs no others, or this ggml has none. */
    static Optional<Threadpool> attach(LlamaCpp library, Pointer context, int threads) {
        Optional<Function> make = library.cpuFunction("ggml_threadpool_new");
        Optional<Function> free = library.cpuFunction("ggml_threadpool_free");
        if (threads < 2 || make.isEmpty() || free.isEmpty()) {
            return Optional.empty();
        }
        GgmlThreadpoolParams params = new GgmlThreadpoolParams();
        GgmlBase.ggml_threadpool_params_init(params.getPointer(), threads);
        params.read();
        params.poll = POLL;
        params.write();
        Pointer handle = make.get().invokePointer(new Object[] {params.getPointer()});
        if (handle == null) {
            return Optional.empty();
        }
        Llama.llama_attach_threadpool(context, handle, null);
        return Optional.of(new Threadpool(handle, free.get()));
    }

    /** Ends the threads; the context has to be freed before. */
    @Override
    public void close() {
        free.invokeVoid(new Object[] {handle});
    }
}
