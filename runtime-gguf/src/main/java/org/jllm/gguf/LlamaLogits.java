package org.jllm.gguf;

import com.sun.jna.Pointer;
import java.util.List;
import org.jllm.generation.Logits;

/** The logits of one step, read from llama.cpp's own memory until the next step overwrites it. */
final class LlamaLogits implements Logits {
    private final Turn turn;
    private final int rows;
    private final int vocabularySize;
    private List<Row> values;

    /** Where a row stands. */
    @FunctionalInterface
    interface Row {
        void copy(float[] into, int count);

        /** A row in llama.cpp's memory. */
        static Row of(Pointer pointer) {
            return (into, count) -> pointer.read(0, into, 0, count);
        }

        /** A row that would not outlive the next call of llama.cpp. */
        static Row copyOf(Pointer pointer, int vocabularySize) {
            float[] copy = pointer.getFloatArray(0, vocabularySize);
            return (into, count) -> System.arraycopy(copy, 0, into, 0, count);
        }
    }

    LlamaLogits(Turn turn, List<Row> values, int vocabularySize) {
        this.turn = turn;
        this.values = values;
        this.vocabularySize = vocabularySize;
        rows = values.size();
    }

    void expire() {
        values = List.of();
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public void read(int row, float[] into) {
        if (row < 0 || row >= rows) {
            throw new IllegalArgumentException("row " + row + " of " + rows + " rows with logits");
        }
        if (into.length < vocabularySize) {
            throw new IllegalArgumentException(into.length + " elements for " + vocabularySize + " logits");
        }
        turn.take(() -> {
            if (values.isEmpty()) {
                throw new IllegalStateException("these logits were overwritten by a later step");
            }
            values.get(row).copy(into, vocabularySize);
            return row;
        });
    }
}
