package org.jllm.gguf.binding;

import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;

/** {@code struct ggml_threadpool_params}; goes in by its address. */
@SuppressWarnings("MemberName") // the names of ggml.h
@FieldOrder({"cpumask", "n_threads", "prio", "poll", "strict_cpu", "paused"})
public final class GgmlThreadpoolParams extends Structure {
    private static final int MAX_THREADS = 512;

    public byte[] cpumask = new byte[MAX_THREADS];
    public int n_threads;
    public int prio;

    /** How long threads spin for the next computation before they sleep: 0 not at all, to 100. */
    public int poll;

    public byte strict_cpu;
    public byte paused;
}
