package org.jllm.generation;

import org.jllm.api.EngineException;
import org.jllm.api.UnavailableException;

/** The thread that drives a {@link Scheduler}, and sleeps while there is nothing to do. */
final class SchedulerThread {
    private final Scheduler scheduler;
    private final Thread thread;

    SchedulerThread(String name, Scheduler scheduler) {
        this.scheduler = scheduler;
        thread = new Thread(this::run, "jllm-scheduler " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (scheduler.awaitWork()) {
                while (scheduler.step()) {
                    // Each step is one batch.
                }
            }
        } catch (InterruptedException e) {
            scheduler.abandon(new UnavailableException("the thread of the model was interrupted"));
        } catch (RuntimeException | Error e) {
            scheduler.abandon(new EngineException("the model's thread failed: " + e, e));
            throw e;
        }
    }

    /** Lets the requests finish, then ends the thread; an interrupt does not cut the wait short. */
    void close() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a model cannot be closed by an observer of its own generations");
        }
        scheduler.shutDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
