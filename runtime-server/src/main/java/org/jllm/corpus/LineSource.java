package org.jllm.corpus;

import java.io.IOException;
import java.util.Optional;

/** Lines as they are. */
final class LineSource extends LookAhead {
    private final ByteLines lines;

    LineSource(ByteLines lines) {
        this.lines = lines;
    }

    @Override
    Optional<TextRecord> read() {
        return lines.next();
    }

    @Override
    public long bytes() {
        return lines.bytes();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
