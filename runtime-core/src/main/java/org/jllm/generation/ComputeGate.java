package org.jllm.generation;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one engine of the process compute at a time, first come first served. Each native library brings threads of its
 * own that spin while they wait for work: two that compute at once fight for the cores and both become many times slower.
 */
public final class ComputeGate {
    private static final ReentrantLock TURN = new ReentrantLock(true);

    /** What an engine computes in one go. */
    @FunctionalInterface
    public interface Computation<T, E extends Exception> {
        T run() throws E;
    }

    private ComputeGate() {}

    /** Runs a computation when it is its turn; an interrupt does not cut the wait short. */
    public static <T, E extends Exception> T call(Computation<T, E> computation) throws E {
        TURN.lock();
        try {
            return computation.run();
        } finally {
            TURN.unlock();
        }
    }
}
