package org.jllm.torch;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jllm.api.EngineException;
import org.jllm.generation.ComputeGate;
import org.jllm.hub.CacheFolder;
import org.jllm.hub.DjlEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * libtorch in this process. One thread makes all calls to it: its OpenMP team belongs to the thread that calls, and a
 * second team would fight the first for the cores.
 */
final class LibTorch {
    private static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread worker = new Thread(task, "jllm-libtorch");
        worker.setDaemon(true);
        return worker;
    });
    private final AtomicLong liveHandles = new AtomicLong();
    private final Map<String, ScriptModule> modules = new HashMap<>();
    private final Kernels kernels = new Kernels(this);
    private final Engine engine;
    private int currentThreads;

    /** How the start went. A failure of a class initializer would come out as an {@link Error}, the second time without cause. */
    private record Start(@Nullable LibTorch torch, @Nullable RuntimeException failure) {
        static final Start ONCE = once();

        private static Start once() {
            try {
                return new Start(new LibTorch(), null);
            } catch (RuntimeException e) {
                return new Start(null, e);
            }
        }
    }

    private LibTorch() {
        DjlEnvironment.prepare();
        // The simple executor: no profiling runs, no recompilation when shapes change.
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        if (System.getenv(LIBRARY_PATH) == null) {
            Path libraries = LibTorchFiles.unpack(CacheFolder.ofUser());
            System.setProperty(LIBRARY_PATH, libraries.toString());
            System.setProperty("PYTORCH_FLAVOR", "cpu");
        }
        try {
            engine = call(() -> {
                Engine started = Engine.getEngine("PyTorch");
                JniUtils.setGraphExecutorOptimize(false);
                return started;
            });
        } catch (RuntimeException | LinkageError e) {
            throw new EngineException("libtorch does not start on this machine: " + rootMessage(e), e);
        }
    }

    /**
     * libtorch, started on the first call.
     *
     * @throws org.jllm.api.JllmException if it could not be unpacked or does not start, then and at every later call
     */
    static LibTorch get() {
        LibTorch torch = Start.ONCE.torch;
        if (torch == null) {
            throw Objects.requireNonNull(Start.ONCE.failure);
        }
        return torch;
    }

    /** Starts libtorch unless it has to be unpacked first: a model that cannot be loaded shall not cost that. */
    static void warmUp() {
        if (System.getenv(LIBRARY_PATH) != null || LibTorchFiles.areUnpacked(CacheFolder.ofUser())) {
            get();
        }
    }

    /** The release of libtorch that runs. */
    String version() {
        return engine.getVersion();
    }

    /** The folder of its shared libraries. */
    String libraries() {
        return LibUtils.getLibtorchPath();
    }

    /** Number of CUDA devices that libtorch can use. */
    int cudaDevices() {
        return call(engine::getGpuCount);
    }

    /**
     * The module of an architecture. It has no state, so one serves all models; and libtorch does not free all that it
     * compiles. On libtorch's thread only.
     *
     * @param script its resource without {@code .py}
     * @param frame that the script is written for
     */
    ScriptModule module(String script, ScriptFrame frame) {
        return modules.computeIfAbsent(script, name -> new ScriptModule(name, frame));
    }

    /** A module for what all of them can do. On libtorch's thread only. */
    ScriptModule anyModule() {
        return module("llama", ScriptFrame.DECODER);
    }

    /** The kernels of this processor. On libtorch's thread only. */
    Kernels kernels() {
        return kernels;
    }

    /** Native values that are held now, in all models. A growing number is a leak. */
    long liveHandles() {
        return liveHandles.get();
    }

    void handleOpened() {
        liveHandles.incrementAndGet();
    }

    void handleClosed() {
        liveHandles.decrementAndGet();
    }

    /** Sets the threads of the computations that follow. On libtorch's thread only. */
    void useThreads(int threads) {
        if (threads != currentThreads) {
            JniUtils.setNumThreads(threads);
            currentThreads = threads;
        }
    }

    /** As {@link #call(Callable)}, with so many threads for what the task computes. */
    <T> T call(int threads, Callable<T> task) {
        return call(() -> {
            useThreads(threads);
            return task.call();
        });
    }

    /** Runs a task on the thread of libtorch and waits for it; an interrupt does not cut it short. */
    <T> T call(Callable<T> task) {
        Future<T> result = thread.submit(() -> ComputeGate.call(task::call));
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw rethrow(e.getCause() == null ? e : e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrow(Throwable cause) {
        if (cause instanceof RuntimeException exception) {
            return exception;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new EngineException(rootMessage(cause), cause);
    }

    static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.strip().lines().findFirst().orElse("");
    }
}
