package org.jllm.cli;

import java.io.PrintStream;
import java.util.function.DoubleConsumer;
import java.util.function.LongSupplier;

/** A line that says how much of something is done, once it has taken a second; {@link #close()} wipes it away. */
final class LoadProgress implements DoubleConsumer, AutoCloseable {
    private static final long DELAY_NANOS = 1_000_000_000;

    private final PrintStream err;
    private final String what;
    private final boolean shown;
    private final LongSupplier nanoTime;
    private final long start;
    private int percent = -1;

    private LoadProgress(PrintStream err, String what, boolean shown, LongSupplier nanoTime) {
        this.err = err;
        this.what = what;
        this.shown = shown;
        this.nanoTime = nanoTime;
        start = nanoTime.getAsLong();
    }

    /** Progress on standard error, if that is a terminal. */
    static LoadProgress on(Console console, String what) {
        return of(console.err(), what, Terminal.showsErrors(), System::nanoTime);
    }

    static LoadProgress of(PrintStream err, String what, boolean shown, LongSupplier nanoTime) {
        return new LoadProgress(err, what, shown, nanoTime);
    }

    @Override
    public void accept(double fraction) {
        int next = (int) (fraction * 100);
        if (shown && next != percent && nanoTime.getAsLong() - start > DELAY_NANOS) {
            percent = next;
            err.print("\r" + what + " " + percent + "%");
            err.flush();
        }
    }

    @Override
    public void close() {
        if (percent >= 0) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }
}
