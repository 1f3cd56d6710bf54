package org.jllm.tokenizer;

import java.util.List;

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
        for (Range range : literals) {
            if (range.start() < end && start < range.end()) {
                return true;
            }
        }
        return false;
    }
}
