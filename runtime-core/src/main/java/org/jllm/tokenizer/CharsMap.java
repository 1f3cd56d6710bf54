package org.jllm.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jllm.api.InvalidModelException;

/**
 * The compiled character map of a sentencepiece model: a double-array trie of the Darts-clone library, whose values are
 * offsets of replacements that end in NUL. Layout: size of the trie in bytes (u32), its units (u32 each), replacements.
 */
final class CharsMap {
    private static final int NO_MATCH = -1;

    private final int[] units;
    private final byte[] replacements;
    private final String file;

    CharsMap(byte[] blob, String file) {
        this.file = file;
        ByteBuffer data = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        long size = blob.length > 4 ? Integer.toUnsignedLong(data.getInt()) : Long.MAX_VALUE;
        if (size >= blob.length - 4 || size < 4) {
            throw damaged("its trie does not fit in " + blob.length + " bytes");
        }
        units = new int[(int) size / 4];
        data.slice(4, units.length * 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(units);
        replacements = Arrays.copyOfRange(blob, 4 + (int) size, blob.length);
    }

    /**
     * Looks for the longest key that the bytes from {@code from} begin with.
     *
     * @return its length in bytes in the upper half and the offset of its replacement in the lower, or a negative number
     */
    long longestMatch(byte[] text, int from, int to) {
        long match = NO_MATCH;
        int position = offset(units[0]);
        for (int i = from; i < to; i++) {
            int label = text[i] & 0xFF;
            position ^= label;
            if (position < 0 || position >= units.length || (units[position] & 0x800000FF) != label) {
                return match;
            }
            int unit = units[position];
            position ^= offset(unit);
            if ((unit >>> 8 & 1) == 1) {
                if (position < 0 || position >= units.length) {
                    throw damaged("its trie points behind its end");
                }
                match = (long) (i + 1 - from) << 32 | (units[position] & 0x7FFFFFFF);
            }
        }
        return match;
    }

    /** The bytes that hold the replacements; each ends before a NUL. */
    byte[] replacements() {
        return replacements;
    }

    /** The end (exclusive) of the replacement that begins at an offset. */
    int replacementEnd(int offset) {
        int end = offset;
        while (end < replacements.length && replacements[end] != 0) {
            end++;
        }
        if (end >= replacements.length) {
            throw damaged("a replacement lies behind its end");
        }
        return end;
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }

    private InvalidModelException damaged(String what) {
        return new InvalidModelException(
                file + ": the character map (normalizer_spec.precompiled_charsmap) is damaged: " + what
                        + "; get the file anew");
    }
}
