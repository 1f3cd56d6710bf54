package org.jllm.corpus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The beginning of a file of NumPy with float32 in rows, version 1.0 of the format, always of the same size.
 *
 * @param rows of the array
 * @param columns of the array
 */
record NpyHeader(long rows, int columns) {
    static final int BYTES = 128;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final Pattern SHAPE = Pattern.compile("'shape': \\((\\d{1,18}), (\\d{1,9})\\)");

    ByteBuffer bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int length = BYTES - MAGIC.length - Short.BYTES;
        String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
        String padded = text + " ".repeat(length - text.length() - 1) + "\n";
        return bytes.put(MAGIC)
                .putShort((short) length)
                .put(padded.getBytes(StandardCharsets.US_ASCII))
                .flip();
    }

    /** What a file begins with; empty if that is no such header. */
    static Optional<NpyHeader> read(ByteBuffer bytes) {
        Matcher shape = SHAPE.matcher(StandardCharsets.ISO_8859_1.decode(bytes.duplicate()));
        if (!shape.find()) {
            return Optional.empty();
        }
        NpyHeader header = new NpyHeader(Long.parseLong(shape.group(1)), Integer.parseInt(shape.group(2)));
        return header.bytes().equals(bytes) ? Optional.of(header) : Optional.empty();
    }
}
