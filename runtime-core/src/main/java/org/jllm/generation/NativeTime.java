package org.jllm.generation;

/**
 * Sums up how long an engine's calls into native code take, from when it is told to; until then nothing is measured. The
 * calls and those who ask follow one another, as the steps of a {@link DecoderBackend} do.
 */
public final class NativeTime {
    private boolean on;
    private long nanos;

    /** Begins to measure. */
    public void start() {
        on = true;
    }

    /** Nanoseconds in native code since this was asked last. */
    public long take() {
        long taken = nanos;
        nanos = 0;
        return taken;
    }

    /** Makes a call into native code. */
    public <T, E extends Exception> T of(ComputeGate.Computation<T, E> call) throws E {
        if (!on) {
            return call.run();
        }
        long start = System.nanoTime();
        try {
            return call.run();
        } finally {
            nanos += System.nanoTime() - start;
        }
    }
}
