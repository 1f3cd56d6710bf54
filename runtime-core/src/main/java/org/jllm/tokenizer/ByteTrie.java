package org.jllm.tokenizer;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A set of byte strings with a value each, as a double array: the child of a node by a byte is at {@code base[node] +
 * byte + 1}, and is one if its {@code check} names the node.
 */
final class ByteTrie {
    static final int ROOT = 0;
    /** No such node, or no value. */
    static final int NONE = -1;

    private int[] base = new int[1024];
    private int[] check = new int[1024];
    private int[] values = new int[1024];
    private int firstFree = 1;

    private record Pending(int node, int from, int to, int depth) {}

    /**
     * @param keys not empty strings, no two of them equal
     * @param values at least 0
     */
    ByteTrie(byte[][] keys, int[] values) {
        Arrays.fill(check, NONE);
        Arrays.fill(this.values, NONE);
        Integer[] order = new Integer[keys.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(keys[a], keys[b]));
        build(keys, values, order);
    }

    /** The node that a byte leads to, or {@link #NONE}. */
    int child(int node, byte label) {
        int child = base[node] + (label & 0xFF) + 1;
        return child < check.length && check[child] == node ? child : NONE;
    }

    /** The value of the string that leads to a node, or {@link #NONE}. */
    int value(int node) {
        return values[node];
    }

    /** The value of a string, or {@link #NONE}. */
    int get(byte[] key, int from, int to) {
        int node = ROOT;
        for (int i = from; i < to && node != NONE; i++) {
            node = child(node, key[i]);
        }
        return node == NONE ? NONE : values[node];
    }

    private void build(byte[][] keys, int[] keyValues, Integer[] order) {
        check[ROOT] = ROOT;
        Deque<Pending> pending = new ArrayDeque<>();
        pending.add(new Pending(ROOT, 0, keys.length, 0));
        int[] labels = new int[256];
        int[] starts = new int[257];
        while (!pending.isEmpty()) {
            Pending next = pending.remove();
            int from = next.from;
            if (from < next.to && keys[order[from]].length == next.depth) {
                values[next.node] = keyValues[order[from]];
                from++;
            }
            int children = 0;
            for (int i = from; i < next.to; i++) {
                int label = keys[order[i]][next.depth] & 0xFF;
                if (children == 0 || labels[children - 1] != label) {
                    labels[children] = label;
                    starts[children++] = i;
                }
            }
            if (children == 0) {
                continue;
            }
            starts[children] = next.to;
            int offset = place(labels, children);
            base[next.node] = offset;
            for (int i = 0; i < children; i++) {
                int child = offset + labels[i] + 1;
                check[child] = next.node;
                pending.add(new Pending(child, starts[i], starts[i + 1], next.depth + 1));
            }
        }
    }

    private int place(int[] labels, int count) {
        int first = firstFree;
        int taken = 0;
        for (int slot = first; ; slot++) {
            ensure(slot + 257);
            if (check[slot] != NONE) {
                taken++;
                continue;
            }
            int offset = slot - labels[0] - 1;
            if (offset >= 0 && fits(offset, labels, count)) {
                // Where nearly all is taken, later searches need not look again.
                if (taken * 20L >= (slot - first + 1) * 19L) {
                    firstFree = slot;
                }
                return offset;
            }
        }
    }

    private boolean fits(int offset, int[] labels, int count) {
        for (int i = 1; i < count; i++) {
            if (check[offset + labels[i] + 1] != NONE) {
                return false;
            }
        }
        return true;
    }

    private void ensure(int size) {
        if (size > check.length) {
            int old = check.length;
            int length = Math.max(size, old + (old >> 1));
            base = Arrays.copyOf(base, length);
            check = Arrays.copyOf(check, length);
            values = Arrays.copyOf(values, length);
            Arrays.fill(check, old, length, NONE);
            Arrays.fill(values, old, length, NONE);
        }
    }
}
