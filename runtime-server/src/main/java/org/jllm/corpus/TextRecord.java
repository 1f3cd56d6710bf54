package org.jllm.corpus;

import org.jspecify.annotations.Nullable;

/**
 * One text of a corpus, or what is wrong with it.
 *
 * @param line where it begins, from 1
 * @param text null if it cannot be read
 * @param problem null if it can
 */
public record TextRecord(
        long line, @Nullable String text, @Nullable String problem) {
    static TextRecord of(long line, String text) {
        return new TextRecord(line, text, null);
    }

    static TextRecord broken(long line, String problem) {
        return new TextRecord(line, null, problem);
    }
}
