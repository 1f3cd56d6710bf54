package org.jllm.corpus;

import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A source that finds out whether there is more by reading it. */
abstract class LookAhead implements TextSource {
    private @Nullable TextRecord next;

    /** Reads the next record; empty at the end. */
    abstract Optional<TextRecord> read();

    @Override
    public final boolean hasNext() {
        if (next == null) {
            next = read().orElse(null);
        }
        return next != null;
    }

    @Override
    public final TextRecord next() {
        TextRecord found = hasNext() ? next : null;
        if (found == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return found;
    }
}
