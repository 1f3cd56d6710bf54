package org.jllm.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** At a terminal a line with the number of texts, their rate and the time left, once that takes a second. */
final class EmbedProgress {
    private static final long REDRAW_NANOS = 200_000_000;
    private static final long DELAY_NANOS = 1_000_000_000;

    private final PrintStream err;
    private final boolean shown;
    private final long totalBytes;
    private final LongSupplier nanoTime;
    private final long start;
    private final Rate texts = new Rate();
    private final Rate bytes = new Rate();
    private boolean drawn;

    /** @param totalBytes of the input; 0: not known */
    EmbedProgress(PrintStream err, boolean shown, long totalBytes, LongSupplier nanoTime) {
        this.err = err;
        this.shown = shown;
        this.totalBytes = totalBytes;
        this.nanoTime = nanoTime;
        start = nanoTime.getAsLong();
    }

    static EmbedProgress on(Console console, long totalBytes) {
        return new EmbedProgress(console.err(), Terminal.showsErrors(), totalBytes, System::nanoTime);
    }

    /** What is done before it begins counts for no rate. */
    void begin(long doneTexts, long doneBytes) {
        texts.start(doneTexts, nanoTime.getAsLong());
        bytes.start(doneBytes, nanoTime.getAsLong());
    }

    void update(long doneTexts, long doneBytes) {
        long now = nanoTime.getAsLong();
        if (!shown || texts.age(now) < REDRAW_NANOS) {
            return;
        }
        texts.update(doneTexts, now);
        bytes.update(doneBytes, now);
        if (now - start >= DELAY_NANOS) {
            err.print("\r" + line(doneTexts, doneBytes) + "\u001b[K");
            err.flush();
            drawn = true;
        }
    }

    private String line(long doneTexts, long doneBytes) {
        String counted = String.format(Locale.ROOT, "%,d texts, %,.0f/s", doneTexts, texts.perSecond());
        if (totalBytes == 0) {
            return counted;
        }
        double part = Math.min(1, (double) doneBytes / totalBytes);
        String left =
                bytes.perSecond() < 1 ? "" : ", " + Rate.time((totalBytes - doneBytes) / bytes.perSecond()) + " left";
        return String.format(Locale.ROOT, "%s %3.0f%% %s%s", Rate.bar(part), 100 * part, counted, left);
    }

    /** Makes room for another line, or for the end. */
    void wipe() {
        if (drawn) {
            err.print("\r\u001b[K");
            err.flush();
            drawn = false;
        }
    }
}
