package org.jllm.checkpoint.pickle;

import org.jllm.checkpoint.pickle.PickleValue.BigInt;
import org.jllm.checkpoint.pickle.PickleValue.Bool;
import org.jllm.checkpoint.pickle.PickleValue.Int;

/** Whole numbers, as the opcodes write them. */
final class Numbers {
    private Numbers() {}

    /** Two's complement, the lowest byte first. */
    static PickleValue of(byte[] bytes) {
        if (bytes.length > Long.BYTES) {
            return new BigInt(bytes);
        }
        long value = bytes.length > 0 && bytes[bytes.length - 1] < 0 ? -1 : 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return new Int(value);
    }

    /** Digits, with Python 2's L after a long one; 00 and 01 are truth values. */
    static PickleValue of(String line, long position) {
        if (line.equals("00") || line.equals("01")) {
            return line.equals("01") ? Bool.TRUE : Bool.FALSE;
        }
        return new Int(parse(line.endsWith("L") ? line.substring(0, line.length() - 1) : line, position));
    }

    static long index(String line, long position) {
        return parse(line, position);
    }

    private static long parse(String digits, long position) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new PickleException("is damaged: before byte " + position + " of its pickle a number is expected");
        }
    }
}
