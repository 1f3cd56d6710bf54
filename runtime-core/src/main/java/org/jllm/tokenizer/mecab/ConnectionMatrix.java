package org.jllm.tokenizer.mecab;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import org.jllm.api.InvalidModelException;

/** What it costs that one word follows another, by the right context of the first and the left context of the second. */
final class ConnectionMatrix {
    private final int rights;
    private final int lefts;
    /** As many costs are copied, which is faster than a mapped file. */
    private static final int MOST_COPIED = 1 << 24;

    private final ShortBuffer costs;
    /** The same, or empty. */
    private final short[] copied;

    /**
     * A matrix.
     *
     * @param rights how many right contexts there are
     * @param lefts how many left contexts
     * @param costs the cost of right context r and left context l is at r + rights · l
     */
    ConnectionMatrix(int rights, int lefts, ShortBuffer costs) {
        this.rights = rights;
        this.lefts = lefts;
        this.costs = costs;
        copied = new short[(long) rights * lefts <= MOST_COPIED ? rights * lefts : 0];
        costs.get(0, copied);
    }

    static ConnectionMatrix read(Path file) {
        ByteBuffer bytes = DictionaryFile.map(file).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() >= 2 * Short.BYTES) {
            int rights = Short.toUnsignedInt(bytes.getShort());
            int lefts = Short.toUnsignedInt(bytes.getShort());
            if (rights > 0 && lefts > 0 && bytes.remaining() == (long) rights * lefts * Short.BYTES) {
                return new ConnectionMatrix(rights, lefts, bytes.asShortBuffer());
            }
        }
        throw new InvalidModelException(file + " is damaged: its size does not fit its contexts");
    }

    /** The place of a left context's costs, for {@link #costAt}. */
    int row(int left) {
        return rights * left;
    }

    /** The cost of a right context in a row. */
    int costAt(int row, int right) {
        return copied.length > 0 ? copied[row + right] : costs.get(row + right);
    }

    /** How many left contexts there are. */
    int lefts() {
        return lefts;
    }

    boolean has(int right, int left) {
        return right < rights && left < lefts;
    }
}
