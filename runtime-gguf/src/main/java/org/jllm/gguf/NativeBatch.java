package org.jllm.gguf;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.util.Arrays;
import org.jllm.generation.Batch;
import org.jllm.gguf.binding.LlamaBatch;
import org.jspecify.annotations.Nullable;

/** The arrays of a {@code llama_batch}, made once for the largest batch and refilled. */
final class NativeBatch {
    private final int width;
    private final int capacity;
    private final int[] integers;
    private final byte[] wanted;
    private final Memory tokens;
    private final Memory positions;
    private final Memory sequences;
    private final Memory sequencePointers;
    private final Memory sequenceCounts;
    private final Memory outputs;
    private final LlamaBatch batch = new LlamaBatch();
    private @Nullable Memory embeddings;

    /**
     * @param capacity most rows
     * @param width of an embedding
     */
    NativeBatch(int capacity, int width) {
        this.capacity = capacity;
        this.width = width;
        integers = new int[capacity];
        wanted = new byte[capacity];
        tokens = new Memory((long) capacity * Integer.BYTES);
        positions = new Memory((long) capacity * Integer.BYTES);
        sequences = new Memory((long) capacity * Integer.BYTES);
        sequenceCounts = new Memory((long) capacity * Integer.BYTES);
        sequencePointers = new Memory((long) capacity * Native.POINTER_SIZE);
        outputs = new Memory(capacity);
        for (int i = 0; i < capacity; i++) {
            sequencePointers.setPointer(
                    (long) i * Native.POINTER_SIZE, sequences.share((long) i * Integer.BYTES, Integer.BYTES));
        }
        Arrays.fill(integers, 1);
        sequenceCounts.write(0, integers, 0, capacity);
        batch.pos = positions;
        batch.n_seq_id = sequenceCounts;
        batch.seq_id = sequencePointers;
        batch.logits = outputs;
    }

    /**
     * Fills in rows {@code from} to {@code to}, either all tokens or all embeddings.
     *
     * @param sequenceOf the sequence of each slot
     */
    LlamaBatch fill(Batch rows, int from, int to, int[] sequenceOf) {
        int count = to - from;
        for (int i = 0; i < count; i++) {
            integers[i] = rows.position(from + i);
            wanted[i] = (byte) (rows.wantsLogits(from + i) ? 1 : 0);
        }
        positions.write(0, integers, 0, count);
        outputs.write(0, wanted, 0, count);
        for (int i = 0; i < count; i++) {
            integers[i] = sequenceOf[rows.slot(from + i)];
        }
        sequences.write(0, integers, 0, count);
        batch.n_tokens = count;
        if (rows.embedding(from) == null) {
            for (int i = 0; i < count; i++) {
                integers[i] = rows.token(from + i);
            }
            tokens.write(0, integers, 0, count);
            batch.token = tokens;
            batch.embd = null;
        } else {
            batch.token = null;
            batch.embd = embeddings(rows, from, to);
        }
        return batch;
    }

    private Memory embeddings(Batch rows, int from, int to) {
        Memory memory = embeddings;
        if (memory == null) {
            memory = new Memory((long) capacity * width * Float.BYTES);
            embeddings = memory;
        }
        for (int row = from; row < to; row++) {
            float[] embedding = rows.embedding(row);
            if (embedding != null) {
                memory.write((long) (row - from) * width * Float.BYTES, embedding, 0, width);
            }
        }
        return memory;
    }
}
