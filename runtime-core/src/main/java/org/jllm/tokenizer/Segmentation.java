package org.jllm.tokenizer;

import java.util.Arrays;

/** A text cut into pieces: for each its end in bytes (it begins where the one before ends) and its id. */
final class Segmentation {
    private int[] ends;
    private int[] ids;
    private int count;

    Segmentation(int capacity) {
        ends = new int[capacity];
        ids = new int[capacity];
    }

    void add(int end, int id) {
        if (count == ends.length) {
            int capacity = Math.max(16, count * 2);
            ends = Arrays.copyOf(ends, capacity);
            ids = Arrays.copyOf(ids, capacity);
        }
        ends[count] = end;
        ids[count++] = id;
    }

    int count() {
        return count;
    }

    int end(int index) {
        return ends[index];
    }

    int id(int index) {
        return ids[index];
    }
}
