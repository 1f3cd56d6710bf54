package org.jllm.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jllm.generation.Batch;
import org.jllm.generation.Capabilities;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;
import org.jllm.generation.Slots;

/** A decoder whose logits are the same in every row, and which remembers what it was fed. */
final class StubDecoder implements DecoderBackend {
    /** A row as it was fed: -1 is the beginning of a window. */
    record Row(int position, int token, boolean wanted) {}

    final List<Row> fed = new ArrayList<>();
    private final float[] logits;
    private final Capabilities capabilities;
    private final Slots slots;
    private int open;

    StubDecoder(int context, int rows, float... logits) {
        this(false, context, rows, logits);
    }

    StubDecoder(boolean encoder, int context, int rows, float... logits) {
        this.logits = logits;
        capabilities = new Capabilities(1, context, rows, logits.length, 0, true, false, encoder, context);
        slots = new Slots(capabilities);
    }

    int openSlots() {
        return open;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void open(int slot) {
        slots.open(slot);
        open++;
    }

    @Override
    public void close(int slot) {
        slots.close(slot);
        open--;
    }

    @Override
    public int length(int slot) {
        return slots.length(slot);
    }

    @Override
    public Logits step(Batch batch) {
        slots.check(batch).forEach(span -> slots.setLength(span.slot(), span.end()));
        IntStream.range(0, batch.size())
                .forEach(row -> fed.add(new Row(batch.position(row), batch.token(row), batch.wantsLogits(row))));
        int rows = (int)
                IntStream.range(0, batch.size()).filter(batch::wantsLogits).count();
        return new Logits() {
            @Override
            public int rows() {
                return rows;
            }

            @Override
            public void read(int row, float[] into) {
                if (row < 0 || row >= rows) {
                    throw new IllegalArgumentException("row " + row + " of " + rows);
                }
                System.arraycopy(logits, 0, into, 0, logits.length);
            }
        };
    }

    @Override
    public int retain(int slot, int length) {
        slots.setLength(slot, length);
        return length;
    }

    @Override
    public int fork(int from, int to, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reorder(int[] targets, int[] sources) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
