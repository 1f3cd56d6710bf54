package org.jllm.tokenizer;

import java.util.Arrays;

/**
 * Byte-pair encoding: again and again the pair of neighbours of the lowest rank, of equal ones the leftmost, becomes one. In some
 * programs all equal ones become one before anything else does, which is not the same where a new pair has a lower rank.
 */
final class PairMerger {
    static final int NONE = -1;

    /** The pairs that can be merged. */
    @FunctionalInterface
    interface Pairs {
        /**
         * What a pair becomes.
         *
         * @param left symbol
         * @param right symbol
         * @param from where the pair begins among the symbols that were given, inclusive
         * @param to where it ends, exclusive
         * @return the rank in the upper half, the symbol that it becomes in the lower, or {@link #NONE}
         */
        long find(int left, int right, int from, int to);
    }

    private final int[] symbols;
    private final Pairs pairs;
    private final boolean together;
    private final int[] lengths;
    private final int[] previous;
    private final int[] next;
    private final MergeQueue queue;

    private PairMerger(int[] symbols, Pairs pairs, boolean together) {
        this.symbols = symbols.clone();
        this.pairs = pairs;
        this.together = together;
        lengths = new int[symbols.length];
        previous = new int[symbols.length];
        next = new int[symbols.length];
        queue = new MergeQueue(symbols.length);
    }

    static long pair(int rank, int symbol) {
        return (long) rank << 32 | symbol;
    }

    /** The symbols of a word, merged. */
    static int[] merge(int[] symbols, Pairs pairs) {
        return symbols.length < 2 ? symbols : new PairMerger(symbols, pairs, false).run();
    }

    /** The symbols of a word, where equal pairs are merged together; each rank has one pair. */
    static int[] mergeTogether(int[] symbols, Pairs pairs) {
        return symbols.length < 2 ? symbols : new PairMerger(symbols, pairs, true).run();
    }

    private int[] run() {
        Arrays.fill(lengths, 1);
        for (int i = 0; i < symbols.length; i++) {
            previous[i] = i - 1;
            next[i] = i + 1 < symbols.length ? i + 1 : NONE;
        }
        for (int i = 1; i < symbols.length; i++) {
            propose(i - 1, i);
        }
        IntArray merged = new IntArray(8);
        while (!queue.isEmpty()) {
            merged.clear();
            int rank = queue.rank();
            do {
                mergeFirst(merged);
            } while (together && !queue.isEmpty() && queue.rank() == rank);
            for (int i = 0; i < merged.size(); i++) {
                propose(previous[merged.get(i)], merged.get(i));
                propose(merged.get(i), next[merged.get(i)]);
            }
        }
        IntArray result = new IntArray(8);
        for (int i = 0; i != NONE; i = next[i]) {
            result.add(symbols[i]);
        }
        return result.toArray();
    }

    private long find(int left, int right) {
        return pairs.find(symbols[left], symbols[right], left, right + lengths[right]);
    }

    private void propose(int left, int right) {
        if (left != NONE && right != NONE) {
            long found = find(left, right);
            if (found != NONE) {
                queue.add(-(float) (found >>> 32), left, right, lengths[left] + lengths[right]);
            }
        }
    }

    private void mergeFirst(IntArray merged) {
        int left = queue.left();
        int right = queue.right();
        int length = queue.length();
        queue.remove();
        if (lengths[left] > 0 && lengths[right] > 0 && lengths[left] + lengths[right] == length) {
            merge(left, right);
            merged.add(left);
        }
    }

    private void merge(int left, int right) {
        symbols[left] = (int) find(left, right);
        lengths[left] += lengths[right];
        lengths[right] = 0;
        next[left] = next[right];
        if (next[right] != NONE) {
            previous[next[right]] = left;
        }
    }
}
