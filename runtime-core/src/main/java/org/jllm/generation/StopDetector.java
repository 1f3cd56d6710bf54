package org.jllm.generation;

import java.util.List;

/**
 * Finds stop strings in a text that comes in pieces. The text ends where the first stop string is complete; of several
 * that end there the longest counts. The result does not depend on how the text is cut. Text is held back as long as it
 * may be the beginning of a stop string, and a surrogate pair is never split. Not safe for use by several threads.
 */
public final class StopDetector {
    private final List<Matcher> matchers;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    /**
     * A detector for one text.
     *
     * @param stops strings that end the text, none of them empty
     */
    public StopDetector(List<String> stops) {
        matchers = stops.stream().map(Matcher::new).toList();
    }

    /** Adds text; returns the text that is now sure not to be part of a stop string, possibly none. */
    public String push(String text) {
        if (stopped) {
            return "";
        }
        for (int i = 0; i < text.length(); i++) {
            held.append(text.charAt(i));
            int match = 0;
            for (Matcher matcher : matchers) {
                if (matcher.advance(text.charAt(i))) {
                    match = Math.max(match, matcher.stop.length());
                }
            }
            if (match > 0) {
                stopped = true;
                return release(match);
            }
        }
        int open = 0;
        for (Matcher matcher : matchers) {
            open = Math.max(open, matcher.matched);
        }
        return release(open);
    }

    /** Whether a stop string was seen. It and everything after it is dropped. */
    public boolean stopped() {
        return stopped;
    }

    /** The text that was held back, when the text has ended by itself. */
    public String finish() {
        String rest = stopped ? "" : held.toString();
        held.setLength(0);
        return rest;
    }

    private String release(int keep) {
        int end = held.length() - keep;
        if (end > 0 && Character.isHighSurrogate(held.charAt(end - 1))) {
            end--;
        }
        String sure = held.substring(0, end);
        held.delete(0, end);
        return sure;
    }

    /** Knuth, Morris and Pratt's automaton for one stop string. */
    private static final class Matcher {
        private final String stop;
        /** For each matched length the next shorter one that is a suffix of it. */
        private final int[] shorter;

        private int matched;

        Matcher(String stop) {
            if (stop.isEmpty()) {
                throw new IllegalArgumentException("a stop string must not be empty");
            }
            this.stop = stop;
            shorter = new int[stop.length() + 1];
            for (int length = 2; length <= stop.length(); length++) {
                char last = stop.charAt(length - 1);
                int border = shorter[length - 1];
                while (border > 0 && stop.charAt(border) != last) {
                    border = shorter[border];
                }
                shorter[length] = stop.charAt(border) == last ? border + 1 : 0;
            }
        }

        /** Whether the stop string is complete with this char. */
        boolean advance(char c) {
            while (matched > 0 && stop.charAt(matched) != c) {
                matched = shorter[matched];
            }
            if (stop.charAt(matched) == c) {
                matched++;
            }
            return matched == stop.length();
        }
    }
}
