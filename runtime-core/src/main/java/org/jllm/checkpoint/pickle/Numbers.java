package org.jllm.checkpoint.pickle;

import java.math.BigInteger;
import org.jllm.checkpoint.pickle.PickleValue.BigInt;
import org.jllm.checkpoint.pickle.PickleValue.Bool;
import org.jllm.checkpoint.pickle.PickleValue.Int;

/** Whole numbers, as the opcodes write them. */
final class Numbers {
    private Numbers() {}

    /** Two's complement, the lowest byte first. */
    static PickleValue of(byte[] bytes) {
        if (bytes.length == 0) {
            return new Int(0);
        }
        byte[] highestFirst = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            highestFirst[i] = bytes[bytes.length - 1 - i];
        }
        BigInteger value = new BigInteger(highestFirst);
        return value.bitLength() < Long.SIZE ? new Int(value.longValueExact()) : new BigInt(value);
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
