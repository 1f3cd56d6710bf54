package org.jllm.generation;

/**
 * The tokens that may still be chosen, with their weights: probability over that of the best token. Its arrays are made
 * once. A heap brings the most probable tokens to the front, so that a large vocabulary is never sorted.
 */
final class Candidates {
    private final int[] ids;
    private final float[] logits;
    private final double[] weights;
    private int size;

    Candidates(int vocabularySize) {
        ids = new int[vocabularySize];
        logits = new float[vocabularySize];
        weights = new double[vocabularySize];
    }

    /** Starts with all tokens that are not masked. */
    void fill(float[] row, int vocabularySize) {
        size = 0;
        for (int id = 0; id < vocabularySize; id++) {
            if (row[id] > Float.NEGATIVE_INFINITY) {
                ids[size] = id;
                logits[size++] = row[id];
            }
        }
    }

    /** Keeps the {@code count} tokens of the greatest logits, the lower ids among equals. */
    void keepBest(int count) {
        if (count >= size) {
            return;
        }
        int end = size;
        heapify(end);
        for (int kept = 0; kept < count; kept++) {
            moveBestToEnd(end--);
        }
        System.arraycopy(ids, end, ids, 0, count);
        System.arraycopy(logits, end, logits, 0, count);
        size = count;
    }

    /** Computes the weights: 1 for the greatest logit. */
    void weigh(float greatest, double temperature) {
        for (int i = 0; i < size; i++) {
            // The comparison also keeps ∞ − ∞ out.
            weights[i] = logits[i] == greatest ? 1 : Math.exp(((double) logits[i] - greatest) / temperature);
        }
    }

    /** Keeps the fewest of the most probable tokens whose share of the whole weight is at least {@code share}. */
    void keepNucleus(double share) {
        double whole = 0;
        for (int i = 0; i < size; i++) {
            whole += weights[i];
        }
        // All tokens below this weight together weigh less than what the nucleus may leave out.
        keepAtLeast(Math.min(1, (1 - share) * whole / size));
        int end = size;
        heapify(end);
        double sum = 0;
        do {
            moveBestToEnd(end--);
            sum += weights[end];
        } while (end > 0 && sum / whole < share);
        int kept = size - end;
        System.arraycopy(ids, end, ids, 0, kept);
        System.arraycopy(logits, end, logits, 0, kept);
        System.arraycopy(weights, end, weights, 0, kept);
        size = kept;
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

    /** The token at a point of the whole weight, given as a share of it: 0 ≤ {@code point} &lt; 1. */
    int draw(double point) {
        double whole = 0;
        for (int i = 0; i < size; i++) {
            whole += weights[i];
        }
        double left = point * whole;
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

    private void heapify(int end) {
        for (int i = end / 2 - 1; i >= 0; i--) {
            siftDown(i, end);
        }
    }

    private void moveBestToEnd(int end) {
        swap(0, end - 1);
        siftDown(0, end - 1);
    }

    private void siftDown(int start, int end) {
        int parent = start;
        while (true) {
            int child = 2 * parent + 1;
            if (child >= end) {
                return;
            }
            if (child + 1 < end && precedes(child + 1, child)) {
                child++;
            }
            if (!precedes(child, parent)) {
                return;
            }
            swap(parent, child);
            parent = child;
        }
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
