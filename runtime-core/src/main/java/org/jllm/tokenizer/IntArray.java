package org.jllm.tokenizer;

import java.util.Arrays;

/** Numbers that grow at their end. */
final class IntArray {
    private int[] values;
    private int size;

    IntArray(int capacity) {
        values = new int[Math.max(8, capacity)];
    }

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.addExact(size, size / 2));
        }
        values[size++] = value;
    }

    void addAll(int... more) {
        for (int value : more) {
            add(value);
        }
    }

    int size() {
        return size;
    }

    int get(int index) {
        return values[index];
    }

    void clear() {
        size = 0;
    }

    int[] toArray() {
        return toArray(0);
    }

    int[] toArray(int from) {
        return Arrays.copyOfRange(values, from, size);
    }
}
