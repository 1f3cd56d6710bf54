package org.jllm.torch;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.StoredTensor;

/** Reads a tensor that cannot be mapped, since it is not aligned in its file, into memory of its own, part by part. */
final class TensorCopy {
    private static final int PART_ELEMENTS = 1 << 20;

    private final ScriptModule module;

    TensorCopy(ScriptModule module) {
        this.module = module;
    }

    /** The tensor in its stored type; it belongs to the caller. */
    IValue read(StoredTensor tensor) {
        int size = tensor.type().bytes();
        long elements = tensor.byteLength() / size;
        try (Handles handles = new Handles(LibTorch.get());
                FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
            IValue target = handles.own(
                    module.run("allocate", handles.of(elements), handles.of(ScalarTypes.of(tensor.type()))));
            ByteBuffer part = ByteBuffer.allocateDirect(PART_ELEMENTS * size).order(ByteOrder.LITTLE_ENDIAN);
            for (long done = 0; done < elements; done += PART_ELEMENTS) {
                int count = (int) Math.min(PART_ELEMENTS, elements - done);
                part.clear().limit(count * size);
                readFully(channel, part, tensor.offset() + done * size);
                part.flip();
                try (Handles step = handles.nested()) {
                    PtNDArray values = step.own(values(tensor, part, count));
                    step.own(module.run("fill", target, step.of(done), step.own(IValue.from(values))));
                }
            }
            long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
            return module.run("reshape", target, handles.of(shape));
        } catch (IOException e) {
            throw new InvalidModelException(
                    "cannot read tensor '" + tensor.name() + "' of " + tensor.file() + ": " + e.getMessage(), e);
        }
    }

    private static void readFully(FileChannel channel, ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new EOFException("the file ends early");
            }
            at += read;
        }
    }

    /** The values in a type that DJL can hand over; {@code fill} converts those that were widened back, exactly. */
    private PtNDArray values(StoredTensor tensor, ByteBuffer part, int count) {
        Shape shape = new Shape(count);
        return switch (tensor.type()) {
            case F32 -> (PtNDArray) module.manager().create(part, shape, DataType.FLOAT32);
            case F64 -> (PtNDArray) module.manager().create(part, shape, DataType.FLOAT64);
            case F16 -> (PtNDArray) module.manager().create(part, shape, DataType.FLOAT16);
            case I64 -> (PtNDArray) module.manager().create(part, shape, DataType.INT64);
            case I32 -> (PtNDArray) module.manager().create(part, shape, DataType.INT32);
            case I8, U8, BOOL -> (PtNDArray) module.manager().create(part, shape, DataType.UINT8);
            case BF16 -> {
                float[] widened = new float[count];
                for (int i = 0; i < count; i++) {
                    widened[i] = Float.intBitsToFloat(part.getShort(2 * i) << 16);
                }
                yield (PtNDArray) module.manager().create(widened, shape);
            }
            case I16 -> {
                int[] widened = new int[count];
                for (int i = 0; i < count; i++) {
                    widened[i] = part.getShort(2 * i);
                }
                yield (PtNDArray) module.manager().create(widened, shape);
            }
        };
    }
}
