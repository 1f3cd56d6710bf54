package org.jllm.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The end of a file of lines. */
record FileTail(FileChannel channel) {
    private static final int PART_BYTES = 1 << 16;

    /** The last line that is whole; what follows it is cut off. Empty if there is none. */
    Optional<String> lastLine() throws IOException {
        long end = lineEnd(channel.size());
        channel.truncate(end);
        if (end == 0) {
            return Optional.empty();
        }
        long start = lineEnd(end - 1);
        ByteBuffer line = ByteBuffer.allocate(Math.toIntExact(end - 1 - start));
        fill(channel, line, start);
        return Optional.of(StandardCharsets.UTF_8.decode(line.flip()).toString());
    }

    /** The place behind the last line feed before another place; 0 if there is none. */
    private long lineEnd(long before) throws IOException {
        ByteBuffer part = ByteBuffer.allocate(PART_BYTES);
        for (long end = before; end > 0; ) {
            long start = Math.max(0, end - PART_BYTES);
            part.clear().limit((int) (end - start));
            fill(channel, part, start);
            for (int i = part.limit() - 1; i >= 0; i--) {
                if (part.get(i) == '\n') {
                    return start + i + 1;
                }
            }
            end = start;
        }
        return 0;
    }

    static void fill(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file has become shorter");
            }
        }
    }
}
