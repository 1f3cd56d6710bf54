package org.jllm.generation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one {@link DecoderBackend#step}. Rows of a slot stand together, in ascending order of position, and the
 * first of them continues the slot where its cache ends. Made once and refilled; not safe for use by several threads.
 */
public final class Batch {
    private int size;
    private int[] slots = new int[16];
    private int[] positions = new int[16];
    private int[] tokens = new int[16];
    private boolean[] wantsLogits = new boolean[16];
    private float @Nullable [][] embeddings;

    /** Adds a token. */
    public void add(int slot, int position, int token, boolean logits) {
        int row = row(slot, position, logits);
        tokens[row] = token;
    }

    /** Adds a row that is an embedding instead of a token, such as a piece of an image. */
    public void addEmbedding(int slot, int position, float[] embedding, boolean logits) {
        int row = row(slot, position, logits);
        tokens[row] = -1;
        if (embeddings == null || embeddings.length < slots.length) {
            embeddings = embeddings == null ? new float[slots.length][] : Arrays.copyOf(embeddings, slots.length);
        }
        embeddings[row] = embedding;
    }

    private int row(int slot, int position, boolean logits) {
        if (size == slots.length) {
            int capacity = size * 2;
            slots = Arrays.copyOf(slots, capacity);
            positions = Arrays.copyOf(positions, capacity);
            tokens = Arrays.copyOf(tokens, capacity);
            wantsLogits = Arrays.copyOf(wantsLogits, capacity);
        }
        slots[size] = slot;
        positions[size] = position;
        wantsLogits[size] = logits;
        return size++;
    }

    public void clear() {
        size = 0;
        embeddings = null;
    }

    public int size() {
        return size;
    }

    public int slot(int row) {
        return slots[row];
    }

    public int position(int row) {
        return positions[row];
    }

    /** The token of a row, or -1 where the row is an embedding. */
    public int token(int row) {
        return tokens[row];
    }

    /** The embedding of a row, or null where the row is a token. */
    public float @Nullable [] embedding(int row) {
        return tokens[row] == -1 && embeddings != null ? embeddings[row] : null;
    }

    public boolean wantsLogits(int row) {
        return wantsLogits[row];
    }
}
