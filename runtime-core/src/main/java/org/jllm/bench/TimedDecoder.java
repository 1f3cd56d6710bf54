package org.jllm.bench;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jllm.generation.Batch;
import org.jllm.generation.Capabilities;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;
import org.jllm.generation.NativeTime;

/** An engine that tells a clock when it computes and when its logits are read. */
final class TimedDecoder implements DecoderBackend {
    private final DecoderBackend engine;
    private final NativeTime nativeTime;
    private final Lock pause = new ReentrantLock();
    private StepClock clock = new StepClock();
    private int streams = 1;

    TimedDecoder(DecoderBackend engine) {
        this.engine = engine;
        nativeTime = engine.nativeTime().orElseGet(NativeTime::new);
        nativeTime.start();
    }

    /** Steps that continue so many texts by one token each are measured from now on, by this clock. */
    void measure(int texts, StepClock by) {
        streams = texts;
        clock = by;
    }

    /** Does something while no step begins. */
    void whilePaused(Runnable task) {
        pause.lock();
        try {
            task.run();
        } finally {
            pause.unlock();
        }
    }

    @Override
    public Logits step(Batch batch) {
        whilePaused(() -> {});
        clock.begin(continuesAll(batch));
        nativeTime.take();
        Logits logits = engine.step(batch);
        clock.end(nativeTime.take());
        return new TimedLogits(logits, clock);
    }

    private boolean continuesAll(Batch batch) {
        boolean one = batch.size() == streams;
        for (int row = 0; row < batch.size() && one; row++) {
            one = batch.position(row) > 0
                    && batch.wantsLogits(row)
                    && (row == 0 || batch.slot(row) != batch.slot(row - 1));
        }
        return one;
    }

    private record TimedLogits(Logits logits, StepClock clock) implements Logits {
        @Override
        public int rows() {
            return logits.rows();
        }

        @Override
        public void read(int row, float[] into) {
            clock.enter(StepPart.LOGITS);
            logits.read(row, into);
            clock.enter(StepPart.SAMPLING);
        }
    }

    @Override
    public Capabilities capabilities() {
        return engine.capabilities();
    }

    @Override
    public void open(int slot) {
        engine.open(slot);
    }

    @Override
    public void open(int slot, int[] encoderIds) {
        engine.open(slot, encoderIds);
    }

    @Override
    public void close(int slot) {
        engine.close(slot);
    }

    @Override
    public int length(int slot) {
        return engine.length(slot);
    }

    @Override
    public int retain(int slot, int length) {
        return engine.retain(slot, length);
    }

    @Override
    public int fork(int from, int to, int length) {
        return engine.fork(from, to, length);
    }

    @Override
    public int reusable(int slot, int length) {
        return engine.reusable(slot, length);
    }

    @Override
    public void park(int slot) {
        engine.park(slot);
    }

    @Override
    public long worthKeeping() {
        return engine.worthKeeping();
    }

    @Override
    public void reorder(int[] slots, int[] sources) {
        engine.reorder(slots, sources);
    }

    @Override
    public void close() {
        engine.close();
    }
}
