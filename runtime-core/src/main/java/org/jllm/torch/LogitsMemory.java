package org.jllm.torch;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Where the steps of a decoder write their logits: one tensor of float32 in the memory of the CPU, which Java reads in
 * place. It is kept from step to step and grows by need. Used on libtorch's thread, but for {@link #values}.
 */
final class LogitsMemory {
    private final ScriptModule module;
    private final Handles handles;
    private final int vocabularySize;
    private Room room;

    private record Room(Handles handles, IValue tensor, FloatBuffer values, int rows) {}

    /** @param handles that close this, too */
    LogitsMemory(ScriptModule module, Handles handles, int vocabularySize) {
        this.module = module;
        this.handles = handles;
        this.vocabularySize = vocabularySize;
        room = room(1);
        handles.add(() -> room.handles().close());
    }

    private Room room(int rows) {
        Handles own = handles.nested();
        PtNDArray array = own.own(
                (PtNDArray) module.manager().create(new Shape(rows, vocabularySize), DataType.FLOAT32, Device.cpu()));
        FloatBuffer values =
                array.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer();
        return new Room(own, own.own(IValue.from(array)), values, rows);
    }

    /** The tensor, with room for so many rows; what was in it may be gone. */
    IValue tensor(int rows) {
        if (rows > room.rows()) {
            Room larger = room(Integer.highestOneBit(2 * rows - 1));
            room.handles().close();
            room = larger;
        }
        return room.tensor();
    }

    /** What is in the tensor, row after row; not to be read after the next step, or when its owner has been closed. */
    FloatBuffer values() {
        return room.values();
    }
}
