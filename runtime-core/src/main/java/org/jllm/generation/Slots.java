package org.jllm.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which slots of an engine are open and how many positions each holds; checks every argument before an engine passes it
 * on to native code. Not safe for use by several threads.
 */
public final class Slots {
    private static final int CLOSED = -1;

    private final Capabilities capabilities;
    private final int[] lengths;

    /** The rows of one slot in a batch: {@code rows} of them from {@code firstRow} on, at positions from {@code position}. */
    public record Span(int slot, int firstRow, int rows, int position) {
        /** Positions of the slot after the step. */
        public int end() {
            return position + rows;
        }
    }

    public Slots(Capabilities capabilities) {
        this.capabilities = capabilities;
        lengths = new int[capabilities.slots()];
        Arrays.fill(lengths, CLOSED);
    }

    public void open(int slot) {
        checkNumber(slot);
        if (lengths[slot] != CLOSED) {
            throw new IllegalArgumentException("slot " + slot + " is open already");
        }
        lengths[slot] = 0;
    }

    public void close(int slot) {
        length(slot);
        lengths[slot] = CLOSED;
    }

    /** Positions that an open slot holds. */
    public int length(int slot) {
        checkNumber(slot);
        if (lengths[slot] == CLOSED) {
            throw new IllegalArgumentException("slot " + slot + " is not open");
        }
        return lengths[slot];
    }

    /** Sets what an open slot holds, 0 to the context length. */
    public void setLength(int slot, int length) {
        length(slot);
        lengths[slot] = length;
    }

    /** Checks that a length to keep or copy lies within an open slot. */
    public void checkLength(int slot, int length) {
        if (length < 0 || length > length(slot)) {
            throw new IllegalArgumentException(
                    "slot " + slot + " holds " + lengths[slot] + " positions, not " + length);
        }
    }

    /** Checks a fork: two open slots that differ, the second empty, the length within the first. */
    public void checkFork(int from, int to, int length) {
        checkLength(from, length);
        if (from == to || length(to) != 0) {
            throw new IllegalArgumentException("slot " + to + " has to be another one than " + from + ", and empty");
        }
    }

    /** Checks a reordering: open slots, the targets without duplicates. */
    public void checkReorder(int[] slots, int[] sources) {
        if (slots.length != sources.length) {
            throw new IllegalArgumentException(slots.length + " slots but " + sources.length + " sources");
        }
        Arrays.stream(slots).forEach(this::length);
        Arrays.stream(sources).forEach(this::length);
        if (Arrays.stream(slots).distinct().count() != slots.length) {
            throw new IllegalArgumentException("a slot is named twice in " + Arrays.toString(slots));
        }
    }

    /** Checks a batch and gives its slots in the order of their rows. */
    public List<Span> check(Batch batch) {
        int rows = batch.size();
        if (rows == 0 || rows > capabilities.maxBatchRows()) {
            throw new IllegalArgumentException(
                    "a batch has 1 to " + capabilities.maxBatchRows() + " rows, not " + rows);
        }
        List<Span> spans = new ArrayList<>();
        boolean[] seen = new boolean[lengths.length];
        for (int row = 0; row < rows; ) {
            int slot = batch.slot(row);
            int position = length(slot);
            if (seen[slot]) {
                throw new IllegalArgumentException("the rows of slot " + slot + " do not stand together");
            }
            seen[slot] = true;
            int first = row;
            while (row < rows && batch.slot(row) == slot) {
                checkRow(batch, row, position + row - first);
                row++;
            }
            spans.add(new Span(slot, first, row - first, position));
        }
        return spans;
    }

    private void checkRow(Batch batch, int row, int position) {
        if (batch.position(row) != position) {
            throw new IllegalArgumentException(
                    "row " + row + " is at position " + batch.position(row) + ", its slot goes on at " + position);
        }
        if (position >= capabilities.contextLength()) {
            throw new IllegalArgumentException("position " + position + " is beyond the context of "
                    + capabilities.contextLength() + " positions");
        }
        float[] embedding = batch.embedding(row);
        if (embedding != null) {
            if (embedding.length != capabilities.embeddingSize()) {
                throw new IllegalArgumentException(
                        "an embedding has " + capabilities.embeddingSize() + " values, not " + embedding.length);
            }
        } else if (batch.token(row) < 0 || batch.token(row) >= capabilities.vocabularySize()) {
            throw new IllegalArgumentException(
                    "token " + batch.token(row) + " is outside the vocabulary of " + capabilities.vocabularySize());
        }
    }

    private void checkNumber(int slot) {
        if (slot < 0 || slot >= lengths.length) {
            throw new IllegalArgumentException("slot " + slot + " does not exist: there are " + lengths.length);
        }
    }
}
