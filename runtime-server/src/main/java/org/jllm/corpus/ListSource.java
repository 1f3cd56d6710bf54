package org.jllm.corpus;

import java.util.List;
import java.util.Optional;

/** Texts in memory, each a line. */
final class ListSource extends LookAhead {
    private final List<String> texts;
    private int count;

    ListSource(List<String> texts) {
        this.texts = List.copyOf(texts);
    }

    @Override
    Optional<TextRecord> read() {
        return count == texts.size() ? Optional.empty() : Optional.of(TextRecord.of(count + 1L, texts.get(count++)));
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void close() {}
}
