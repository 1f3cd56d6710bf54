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
    private static final int BAR = 24;
    /** The rate is a mean in which what is older than this counts little. */
    private static final double MEMORY_SECONDS = 5;

    private final PrintStream err;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private int running;
    private long total;
    private long done;
    private long drawnDone;
    private long drawnAt;
    private double rate;
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
            rate = 0;
            watchForInterruption();
        }
        total += bytes;
        done += present;
        drawnDone = done;
        drawnAt = nanoTime.getAsLong();
    }

    @Override
    public synchronized void progress(long bytes) {
        done += bytes;
        long now = nanoTime.getAsLong();
        double seconds = (now - drawnAt) / 1e9;
        if (running == 0 || now - drawnAt < REDRAW_NANOS) {
            return;
        }
        double latest = Math.max(0, done - drawnDone) / seconds;
        double weight = rate == 0 ? 1 : 1 - Math.exp(-seconds / MEMORY_SECONDS);
        rate += weight * (latest - rate);
        drawnAt = now;
        drawnDone = done;
        if (terminal) {
            err.print("\r" + line() + "\u001b[K");
            err.flush();
            drawn = true;
        }
    }

    private String line() {
        int filled = total == 0 ? BAR : (int) Math.max(0, Math.min(BAR, BAR * done / total));
        String left = rate < 1 ? "" : ", " + time((long) Math.ceil((total - done) / rate)) + " left";
        return String.format(
                Locale.ROOT,
                "[%s%s] %3d%% %s of %s, %s/s%s",
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                total == 0 ? 100 : Math.max(0, Math.min(100, 100 * done / total)),
                ByteSize.format(Math.max(0, done)),
                ByteSize.format(total),
                ByteSize.format((long) rate),
                left);
    }

    private static String time(long seconds) {
        return seconds >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
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
