package org.jllm.tokenizer.mecab;

import com.atilika.kuromoji.trie.DoubleArrayTrie;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The double array of a kuromoji jar: a base and a check for each element, and an array of tails, of what is left of a word
 * where no other goes on alike. The library itself looks up whole words; this finds all that begin at one place in one walk.
 */
final class KuromojiTrie {
    private static final char END = DoubleArrayTrie.TERMINATING_CHARACTER;
    /** A base from here on is a place among the tails. */
    private static final int TAILS = 100_000_000;

    private final int[] bases;
    private final int[] checks;
    private final char[] tails;
    /** Whether a base is counted from the beginning of the array, not from the element that has it. */
    private final boolean compact;

    /** Takes the words that are found. */
    @FunctionalInterface
    interface Found {
        /**
         * Takes a word.
         *
         * @param entry the number under which the dictionary has it
         * @param end the char after its last
         */
        void word(int entry, int end);
    }

    private KuromojiTrie(DataInputStream in) throws IOException {
        compact = in.readBoolean();
        int elements = in.readInt();
        int tailChars = in.readInt();
        bases = ints(in, elements);
        checks = ints(in, elements);
        tails = new char[tailChars];
        bytes(in, tailChars, Character.BYTES).asCharBuffer().get(tails);
    }

    /** Reads the file {@link DoubleArrayTrie#DOUBLE_ARRAY_TRIE_FILENAME}. */
    static KuromojiTrie read(InputStream file) throws IOException {
        try (DataInputStream in = new DataInputStream(file)) {
            return new KuromojiTrie(in);
        }
    }

    private static int[] ints(DataInputStream in, int count) throws IOException {
        int[] values = new int[count];
        bytes(in, count, Integer.BYTES).asIntBuffer().get(values);
        return values;
    }

    private static ByteBuffer bytes(DataInputStream in, int count, int width) throws IOException {
        byte[] bytes = new byte[Math.multiplyExact(count, width)];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Finds all words that begin at a char, the shorter before the longer. */
    void find(Sentence sentence, int start, Found found) {
        int element = 0;
        for (int at = start; at < sentence.length(); ) {
            char c = sentence.charAt(at++);
            int next = follower(element, c);
            if (c == END || next >= bases.length || bases[next] == 0 || checks[next] != element) {
                return;
            }
            element = next;
            if (bases[element] >= TAILS) {
                int end = endOfTail(bases[element] - TAILS, sentence, at);
                if (end >= 0) {
                    found.word(element, end);
                }
                return;
            }
            int last = follower(element, END);
            if (last < checks.length && checks[last] == element) {
                found.word(element, at);
            }
        }
    }

    private int follower(int element, char c) {
        int base = element == 0 ? 1 : bases[element];
        return (compact ? 0 : element) + base + c;
    }

    /** Where a tail ends in a sentence, or a negative number if it is not there. */
    private int endOfTail(int tail, Sentence sentence, int start) {
        int at = start;
        for (int i = tail; tails[i] != END; i++) {
            if (at == sentence.length() || sentence.charAt(at++) != tails[i]) {
                return -1;
            }
        }
        return at;
    }
}
