package org.jllm.catalogue;

/** What a user wrote, fit for a one-line error. */
final class ErrorText {
    private static final int LONGEST_QUOTE = 80;

    private ErrorText() {}

    /** A text without line breaks and control characters. */
    static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    }

    /** The beginning of a text, between quotes. */
    static String quoted(String text) {
        String line = oneLine(text);
        return "'" + (line.length() > LONGEST_QUOTE ? line.substring(0, LONGEST_QUOTE) + "…" : line) + "'";
    }
}
