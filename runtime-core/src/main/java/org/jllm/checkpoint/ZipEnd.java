package org.jllm.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jllm.api.InvalidModelException;

/**
 * The end of a zip file, which says where its directory is, in 32 or 64 bits.
 *
 * @param position of the directory
 * @param byteLength of the directory
 * @param entries of the directory
 */
record ZipEnd(long position, long byteLength, long entries) {
    private static final int SIGNATURE = 0x06054b50;
    private static final int BYTES = 22;
    private static final int SIGNATURE_64 = 0x06064b50;
    private static final int BYTES_64 = 56;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR_BYTES = 20;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final long MAX_32 = 0xffff_ffffL;
    /** Less than a hundred bytes a tensor. */
    private static final long MOST_BYTES = 16L << 20;

    static ZipEnd find(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        int tailBytes = (int) Math.min(size, BYTES + LONGEST_COMMENT);
        ByteBuffer tail = ZipDirectory.bytes(channel, size - tailBytes, tailBytes);
        for (int at = tailBytes - BYTES; at >= 0; at--) {
            if (tail.getInt(at) == SIGNATURE && (tail.getShort(at + 20) & 0xffff) == tailBytes - BYTES - at) {
                long position = size - tailBytes + at;
                ZipEnd end = new ZipEnd(
                        tail.getInt(at + 16) & MAX_32, tail.getInt(at + 12) & MAX_32, tail.getShort(at + 10) & 0xffff);
                return end.in64Bits(channel, position).checked(file, position);
            }
        }
        throw new InvalidModelException(
                file + " is cut short: a zip file ends with its directory, and there is none, download it again");
    }

    /** Where a number does not fit, a second end that precedes the first has it. */
    private ZipEnd in64Bits(FileChannel channel, long end) throws IOException {
        if (end < LOCATOR_BYTES + BYTES_64) {
            return this;
        }
        ByteBuffer locator = ZipDirectory.bytes(channel, end - LOCATOR_BYTES, LOCATOR_BYTES);
        long at = locator.getLong(8);
        if (locator.getInt(0) != LOCATOR_SIGNATURE || at < 0 || at > end - LOCATOR_BYTES - BYTES_64) {
            return this;
        }
        ByteBuffer end64 = ZipDirectory.bytes(channel, at, BYTES_64);
        return end64.getInt(0) == SIGNATURE_64
                ? new ZipEnd(end64.getLong(48), end64.getLong(40), end64.getLong(32))
                : this;
    }

    private ZipEnd checked(Path file, long end) {
        if (position < 0 || byteLength < 0 || position > end || byteLength > end - position) {
            throw new InvalidModelException(file + " is damaged: its directory of " + byteLength + " bytes at byte "
                    + position + " does not end before byte " + end);
        }
        if (byteLength > MOST_BYTES || entries < 0 || entries > MOST_BYTES) {
            throw new InvalidModelException(file + " has a directory of " + byteLength + " bytes and " + entries
                    + " entries, which no weights need");
        }
        return this;
    }
}
