package org.jllm.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jllm.catalogue.ByteSize;
import org.jllm.hub.PullObserver;
import org.jspecify.annotations.Nullable;

/**
 * What a download says on standard error: at a terminal a bar with rate and time left, else a line at its begin and one at
 * its end. Safe for use by several threads; several downloads at once share the bar.
 */
final class DownloadProgress implements PullObserver {
    private static final long REDRAW_NANOS = 200_000_000;

    private final PrintStream err;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private int running;
    private long total;
    private long done;
    private Rate rate = new Rate();
    private boolean drawn;
    private @Nullable Thread interrupted;

    DownloadProgress(PrintStream err, boolean terminal, LongSupplier nanoTime) {
        this.err = err;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
    }

    static DownloadProgress on(Console console) {
        return new DownloadProgress(console.err(), Terminal.showsErrors(), System::nanoTime);
    }

    @Override
    public synchronized void note(String line) {
        wipe();
        err.println(line.replaceAll("\\p{Cntrl}+", " "));
    }

    @Override
    public synchronized void begin(String repository, long bytes, long present) {
        if (present == bytes) {
            return;
        }
        note("downloading " + repository + ": " + ByteSize.format(bytes - present)
                + (present > 0 ? " (" + ByteSize.format(present) + " of " + ByteSize.format(bytes) + " is here)" : ""));
        if (running++ == 0) {
            total = 0;
            done = 0;
            rate = new Rate();
            watchForInterruption();
        }
        total += bytes;
        done += present;
        rate.start(done, nanoTime.getAsLong());
    }

    @Override
    public synchronized void progress(long bytes) {
        done += bytes;
        long now = nanoTime.getAsLong();
        if (running == 0 || rate.age(now) < REDRAW_NANOS) {
            return;
        }
        rate.update(done, now);
        if (terminal) {
            err.print("\r" + line() + "\u001b[K");
            err.flush();
            drawn = true;
        }
    }

    private String line() {
        double part = total == 0 ? 1 : (double) done / total;
        String left = rate.perSecond() < 1 ? "" : ", " + Rate.time((total - done) / rate.perSecond()) + " left";
        return String.format(
                Locale.ROOT,
                "%s %3d%% %s of %s, %s/s%s",
                Rate.bar(part),
                total == 0 ? 100 : Math.max(0, Math.min(100, 100 * done / total)),
                ByteSize.format(Math.max(0, done)),
                ByteSize.format(total),
                ByteSize.format((long) rate.perSecond()),
                left);
    }

    @Override
    public synchronized void end(String repository, boolean complete) {
        if (running == 0) {
            return;
        }
        running--;
        note(
                complete
                        ? repository + " is complete"
                        : "the download of " + repository
                                + " has stopped; what has come is kept, the same command goes on");
        if (running == 0) {
            stopWatching();
        }
    }

    private void wipe() {
        if (drawn) {
            err.print("\r\u001b[K");
            drawn = false;
        }
    }

    private void watchForInterruption() {
        Thread hook = new Thread(() -> {
            wipe();
            err.println("interrupted; what has come is kept, the same command goes on");
        });
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            interrupted = hook;
        } catch (IllegalStateException e) {
            // The process is ending.
        }
    }

    private void stopWatching() {
        Thread hook = interrupted;
        interrupted = null;
        try {
            if (hook != null) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        } catch (IllegalStateException e) {
            // The process is ending.
        }
    }
}
