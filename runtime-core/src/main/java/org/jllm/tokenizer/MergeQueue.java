package org.jllm.tokenizer;

import java.util.Arrays;

/** Candidates for merges, the best score first, of equal ones the leftmost: a binary heap without objects. */
final class MergeQueue {
    private long[] keys;
    private long[] details;
    private int size;

    MergeQueue(int capacity) {
        keys = new long[Math.max(16, capacity)];
        details = new long[keys.length];
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** @param score any number but NaN */
    void add(float score, int left, int right, int length) {
        if (size == keys.length) {
            int capacity = Math.addExact(size, size / 2);
            keys = Arrays.copyOf(keys, capacity);
            details = Arrays.copyOf(details, capacity);
        }
        int bits = Float.floatToIntBits(score + 0.0f);
        int ascending = bits ^ ((bits >> 31) & 0x7FFFFFFF);
        long key = (long) ~ascending << 32 | left;
        long detail = (long) right << 32 | length;
        int index = size++;
        while (index > 0 && keys[(index - 1) >>> 1] > key) {
            move((index - 1) >>> 1, index);
            index = (index - 1) >>> 1;
        }
        keys[index] = key;
        details[index] = detail;
    }

    /** Is the same for two candidates if and only if their scores are. */
    int rank() {
        return (int) (keys[0] >> 32);
    }

    int left() {
        return (int) keys[0];
    }

    int right() {
        return (int) (details[0] >>> 32);
    }

    int length() {
        return (int) details[0];
    }

    void remove() {
        long key = keys[--size];
        long detail = details[size];
        int index = 0;
        for (int child = 1; child < size; child = 2 * index + 1) {
            if (child + 1 < size && keys[child + 1] < keys[child]) {
                child++;
            }
            if (keys[child] >= key) {
                break;
            }
            move(child, index);
            index = child;
        }
        keys[index] = key;
        details[index] = detail;
    }

    private void move(int from, int to) {
        keys[to] = keys[from];
        details[to] = details[from];
    }
}
