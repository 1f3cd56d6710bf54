package org.jllm.generation;

import java.util.Arrays;

/**
 * The tokens that may still be chosen, with their weights: probability over that of the best token. Its arrays are made
 * once. What is left out is told from what stays by selection, so that a large vocabulary is never sorted.
 */
final class Candidates {
    private final int[] all;
    private final int[] ids;
    private final float[] logits;
    private final double[] weights;
    private int size;

    Candidates(int vocabularySize) {
        all = new int[vocabularySize];
        for (int id = 0; id < vocabularySize; id++) {
            all[id] = id;
        }
        ids = new int[vocabularySize];
        logits = new float[vocabularySize];
        weights = new double[vocabularySize];
    }

    /** Starts with all tokens; those that are masked will weigh nothing. */
    void fill(float[] row, int vocabularySize) {
        System.arraycopy(all, 0, ids, 0, vocabularySize);
        System.arraycopy(row, 0, logits, 0, vocabularySize);
        size = vocabularySize;
    }

    /** Starts with the tokens of at least this logit. */
    void fill(float[] row, int vocabularySize, float least) {
        size = 0;
        for (int id = 0; id < vocabularySize; id++) {
            if (row[id] >= least) {
                ids[size] = id;
                logits[size++] = row[id];
            }
        }
    }

    /** Keeps the {@code count} tokens of the greatest logits, the lower ids among equals. To be called before they are weighed. */
    void keepBest(int count) {
        if (count >= size) {
            return;
        }
        // A heap of the best so far, the last of them at its root.
        for (int i = count / 2 - 1; i >= 0; i--) {
            siftDown(i, count);
        }
        for (int i = count; i < size; i++) {
            if (precedes(i, 0)) {
                swap(i, 0);
                siftDown(0, count);
            }
        }
        size = count;
    }

    private void siftDown(int start, int end) {
        int parent = start;
        while (true) {
            int child = 2 * parent + 1;
            if (child >= end) {
                return;
            }
            if (child + 1 < end && precedes(child, child + 1)) {
                child++;
            }
            if (!precedes(parent, child)) {
                return;
            }
            swap(parent, child);
            parent = child;
        }
    }

    /** Computes the weights: 1 for the greatest logit. */
    void weigh(float greatest, double temperature) {
        if (greatest == Float.POSITIVE_INFINITY) {
            for (int i = 0; i < size; i++) {
                weights[i] = logits[i] == greatest ? 1 : 0;
            }
            return;
        }
        // A reciprocal of ∞ would make NaN of the greatest.
        double scale = 1 / Math.max(temperature, Double.MIN_NORMAL);
        for (int i = 0; i < size; i++) {
            weights[i] = Math.max((logits[i] - (double) greatest) * scale, Exponentials.LEAST);
        }
        Exponentials.replace(weights, size);
    }

    /** Keeps the fewest of the most probable tokens whose share of the whole weight is at least {@code share}. */
    void keepNucleus(double share) {
        double whole = whole();
        // All tokens below this weight together weigh less than what the nucleus may leave out.
        keepAtLeast(Math.min(1, (1 - share) * whole / size));
        // Those before low are in the nucleus, those from high on are not.
        int low = 0;
        int high = size;
        double sum = 0;
        int mixed = size;
        while (low < high) {
            mixed = mixed * 1664525 + 1013904223;
            int pivot = partition(low, high, low + Integer.remainderUnsigned(mixed, high - low));
            double before = sum;
            for (int i = low; i < pivot; i++) {
                before += weights[i];
            }
            if (pivot > low && before / whole >= share) {
                high = pivot;
            } else {
                sum = before + weights[pivot];
                low = pivot + 1;
                if (sum / whole >= share) {
                    high = low;
                }
            }
        }
        size = low;
    }

    /** Brings those that precede one of them before it, and it to where they end; gives that place. */
    private int partition(int low, int high, int pivot) {
        int last = high - 1;
        swap(pivot, last);
        int end = low;
        for (int i = low; i < last; i++) {
            if (precedes(i, last)) {
                swap(i, end++);
            }
        }
        swap(end, last);
        return end;
    }

    /** Keeps the tokens of at least this weight. */
    void keepAtLeast(double weight) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (weights[i] >= weight) {
                ids[kept] = ids[i];
                logits[kept] = logits[i];
                weights[kept++] = weights[i];
            }
        }
        size = kept;
    }

    /** The tokens that are left, in no order. */
    int[] ids() {
        return Arrays.copyOf(ids, size);
    }

    /** The token at a point of the whole weight, given as a share of it: 0 ≤ {@code point} &lt; 1. */
    int draw(double point) {
        double left = point * whole();
        int last = 0;
        for (int i = 0; i < size; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    break;
                }
            }
        }
        return ids[last];
    }

    /** Four sums side by side: each addition of one sum would wait for the one before it. */
    private double whole() {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int i = 0;
        for (; i + 3 < size; i += 4) {
            first += weights[i];
            second += weights[i + 1];
            third += weights[i + 2];
            fourth += weights[i + 3];
        }
        for (; i < size; i++) {
            first += weights[i];
        }
        return first + second + (third + fourth);
    }

    private boolean precedes(int a, int b) {
        return logits[a] != logits[b] ? logits[a] > logits[b] : ids[a] < ids[b];
    }

    private void swap(int a, int b) {
        int id = ids[a];
        ids[a] = ids[b];
        ids[b] = id;
        float logit = logits[a];
        logits[a] = logits[b];
        logits[b] = logit;
        double weight = weights[a];
        weights[a] = weights[b];
        weights[b] = weight;
    }
}
