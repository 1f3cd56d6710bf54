package org.jllm.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jllm.api.UnavailableException;

/**
 * How often and after what time one thing is tried again: after half a second, then twice as long each time, a little by
 * chance so that those who failed together do not come back together; longer if the server says so. For use by one thread.
 */
final class Backoff {
    private static final int MOST_FAILURES = 6;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final String what;
    private final Pause pause;
    private final PullObserver observer;
    private int failures;

    /** One thing to try. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /**
     * @param what is tried, for errors: {@code cannot …}
     */
    Backoff(String what, Pause pause, PullObserver observer) {
        this.what = what;
        this.pause = pause;
        this.observer = observer;
    }

    /** Tries until it goes well, as often as is allowed. */
    <T> T run(Attempt<T> attempt) throws InterruptedException {
        while (true) {
            try {
                return attempt.run();
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    /** It has got further, so earlier failures do not count. */
    void succeeded() {
        failures = 0;
    }

    /**
     * Waits until it is time to try again.
     *
     * @throws UnavailableException if it has failed too often, or would have to wait too long
     */
    void failed(IOException e) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (++failures >= MOST_FAILURES) {
            throw new UnavailableException(
                    "cannot " + what + " after " + failures + " attempts: " + reason(e) + "; try again later", e);
        }
        Duration asked = e instanceof TransientException known ? known.waitFor() : null;
        if (asked != null && asked.compareTo(LONGEST_WAIT) > 0) {
            throw new UnavailableException(
                    "cannot " + what + ": " + reason(e) + "; the hub wants " + asked.toSeconds()
                            + " s to pass before the next try",
                    e);
        }
        double seconds =
                0.5 * (1 << (failures - 1)) * (1 + ThreadLocalRandom.current().nextDouble(0.5));
        Duration own = Duration.ofMillis((long) (seconds * 1000));
        Duration wait = asked != null && asked.compareTo(own) > 0 ? asked : own;
        if (failures > 1 || asked != null) {
            observer.note(what + ": " + reason(e) + "; next try in "
                    + String.format(Locale.ROOT, "%.1f", wait.toMillis() / 1000.0) + " s");
        }
        pause.of(wait);
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null || message.isBlank()
                ? e.getClass().getSimpleName()
                : e instanceof TransientException ? message : e.getClass().getSimpleName() + " " + message;
    }
}
