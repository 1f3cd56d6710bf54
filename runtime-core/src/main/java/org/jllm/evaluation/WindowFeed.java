package org.jllm.evaluation;

import org.jllm.evaluation.Windows.Window;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;

/** Feeds windows of a text to one slot of an engine. */
final class WindowFeed implements AutoCloseable {
    private static final int SLOT = 0;

    private final DecoderBackend backend;
    private final Batch batch = new Batch();
    private final float[] row;

    WindowFeed(DecoderBackend backend) {
        this.backend = backend;
        row = new float[backend.capabilities().vocabularySize()];
        backend.open(SLOT);
    }

    /** Forgets the window before. */
    void begin() {
        backend.retain(SLOT, 0);
    }

    /** Computes the tokens {@code from} to {@code to} of a window; the logits are of those whose prediction counts. */
    Logits step(int[] ids, Window window, int from, int to) {
        batch.clear();
        for (int i = from; i < to; i++) {
            batch.add(SLOT, i - window.start(), ids[i], i >= window.scored());
        }
        return backend.step(batch);
    }

    /** A row of logits, valid until the next one is read. */
    float[] read(Logits logits, int number) {
        logits.read(number, row);
        return row;
    }

    @Override
    public void close() {
        backend.close(SLOT);
    }
}
