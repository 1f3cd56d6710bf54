package org.jllm.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Owner of native values: what it is given is freed when it closes, last first. DJL has no finalizers, so each value
 * that is made has to be handed to one of these. Used on libtorch's thread only.
 */
final class Handles implements AutoCloseable {
    private final LibTorch torch;
    private final List<AutoCloseable> owned = new ArrayList<>();

    Handles(LibTorch torch) {
        this.torch = torch;
    }

    IValue own(IValue value) {
        add(value::close);
        return value;
    }

    PtNDArray own(PtNDArray array) {
        add(array::close);
        return array;
    }

    /** Takes what has to be closed on this thread, too. */
    void own(AutoCloseable other) {
        add(other);
    }

    /** An owner of its own, for values that are needed for a moment only. */
    Handles nested() {
        return new Handles(torch);
    }

    /** Has something closed with all else. */
    void add(AutoCloseable close) {
        owned.add(close);
        torch.handleOpened();
    }

    IValue of(long value) {
        return own(IValue.from(value));
    }

    IValue of(boolean value) {
        return own(IValue.from(value));
    }

    IValue of(double[] values) {
        return own(IValue.listFrom(values));
    }

    IValue of(double value) {
        return own(IValue.from(value));
    }

    IValue of(String value) {
        return own(IValue.from(value));
    }

    IValue of(long[] values) {
        return own(IValue.listFrom(values));
    }

    @Override
    public void close() {
        for (int i = owned.size() - 1; i >= 0; i--) {
            try {
                owned.get(i).close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            torch.handleClosed();
        }
        owned.clear();
    }
}
