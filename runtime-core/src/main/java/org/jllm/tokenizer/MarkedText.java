package org.jllm.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Text in which some ranges are literal: special tokens that are written there, also in part, are plain text. This is
 * how the content of a chat message stays content.
 *
 * @param literals ranges in chars, ascending, not empty, not overlapping
 */
public record MarkedText(String text, List<Range> literals) {
    /** Chars {@code start} (inclusive) to {@code end} (exclusive). */
    public record Range(int start, int end) {}

    public MarkedText {
        literals = List.copyOf(literals);
        int last = 0;
        for (Range range : literals) {
            if (range.start() < last || range.end() <= range.start() || range.end() > text.length()) {
                throw new IllegalArgumentException("literal ranges must ascend within the text: " + literals);
            }
            last = range.end();
        }
    }

    /** Text in which special tokens count as such everywhere. */
    public static MarkedText of(String text) {
        return new MarkedText(text, List.of());
    }

    /** Whether any of the chars {@code start} (inclusive) to {@code end} (exclusive) is literal. */
    public boolean isLiteral(int start, int end) {
        int index = firstEndingAfter(start);
        return start < end && index < literals.size() && literals.get(index).start() < end;
    }

    /** The chars {@code start} (inclusive) to {@code end} (exclusive). */
    public MarkedText subText(int start, int end) {
        List<Range> ranges = new ArrayList<>();
        for (int i = firstEndingAfter(start);
                i < literals.size() && literals.get(i).start() < end;
                i++) {
            Range range = literals.get(i);
            ranges.add(new Range(Math.max(range.start(), start) - start, Math.min(range.end(), end) - start));
        }
        return new MarkedText(text.substring(start, end), start < end ? ranges : List.of());
    }

    /** This text and another behind it. */
    public MarkedText plus(MarkedText other) {
        List<Range> ranges = new ArrayList<>(literals);
        for (Range range : other.literals) {
            ranges.add(new Range(range.start() + text.length(), range.end() + text.length()));
        }
        return new MarkedText(text + other.text, ranges);
    }

    /** The same ranges over another text of the same length. */
    MarkedText withText(String other) {
        if (other.length() != text.length()) {
            throw new IllegalArgumentException("the text must have " + text.length() + " chars: " + other.length());
        }
        return new MarkedText(other, literals);
    }

    /** What a function makes of the text. Where that differs, all of it counts as literal if any of this does. */
    MarkedText mapped(UnaryOperator<String> function) {
        String other = function.apply(text);
        if (other.equals(text)) {
            return this;
        }
        return literals.isEmpty() || other.isEmpty()
                ? of(other)
                : new MarkedText(other, List.of(new Range(0, other.length())));
    }

    private int firstEndingAfter(int position) {
        int low = 0;
        int high = literals.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (literals.get(middle).end() > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Puts a text together from literal parts and others. */
    static final class Builder {
        private final StringBuilder text;
        private final List<Range> ranges = new ArrayList<>();
        private int literalFrom = -1;

        Builder(int capacity) {
            text = new StringBuilder(capacity);
        }

        Builder append(String part, boolean isLiteral) {
            if (!part.isEmpty() && isLiteral != literalFrom >= 0) {
                endRange();
                literalFrom = isLiteral ? text.length() : -1;
            }
            text.append(part);
            return this;
        }

        private void endRange() {
            if (literalFrom >= 0) {
                ranges.add(new Range(literalFrom, text.length()));
            }
        }

        MarkedText build() {
            endRange();
            literalFrom = -1;
            return new MarkedText(text.toString(), ranges);
        }
    }
}
