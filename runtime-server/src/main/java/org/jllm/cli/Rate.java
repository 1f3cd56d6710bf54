package org.jllm.cli;

import java.util.Locale;

/** How fast something goes on, as a mean in which what is older than some seconds counts little. */
final class Rate {
    private static final double MEMORY_SECONDS = 5;
    private static final int BAR = 24;

    private double perSecond;
    private double done;
    private long at;

    /** What is done already was not done at this rate. */
    void start(double alreadyDone, long nanoTime) {
        done = alreadyDone;
        at = nanoTime;
    }

    /** Nanoseconds since it was told last. */
    long age(long nanoTime) {
        return nanoTime - at;
    }

    void update(double nowDone, long nanoTime) {
        double seconds = (nanoTime - at) / 1e9;
        double latest = Math.max(0, nowDone - done) / seconds;
        double weight = perSecond == 0 ? 1 : 1 - Math.exp(-seconds / MEMORY_SECONDS);
        perSecond += weight * (latest - perSecond);
        at = nanoTime;
        done = nowDone;
    }

    double perSecond() {
        return perSecond;
    }

    /** A bar that is filled to a part, 0 to 1. */
    static String bar(double part) {
        int filled = (int) Math.max(0, Math.min(BAR, BAR * part));
        return "[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "]";
    }

    /** Seconds as a clock shows them. */
    static String time(double seconds) {
        long whole = (long) Math.ceil(seconds);
        return whole >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
