package org.jllm.torch;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.TensorReader;

/**
 * Reads a tensor that cannot be mapped, since it is compressed or not aligned in its file, into memory of its own, part by
 * part.
 */
final class TensorCopy {
    private final ScriptModule module;
    private final TensorReader reader = new TensorReader();

    TensorCopy(ScriptModule module) {
        this.module = module;
    }

    /** The tensor in its stored type; it belongs to the caller. */
    IValue read(StoredTensor tensor) {
        try (Handles handles = new Handles(LibTorch.get())) {
            IValue target = handles.own(
                    module.run("allocate", handles.of(tensor.elements()), handles.of(ScalarTypes.of(tensor.type()))));
            AtomicLong done = new AtomicLong();
            reader.read(tensor, part -> {
                int count = part.remaining() / tensor.type().bytes();
                try (Handles step = handles.nested()) {
                    PtNDArray values = step.own(values(tensor, part, count));
                    step.own(module.run("fill", target, step.of(done.getAndAdd(count)), step.own(IValue.from(values))));
                }
            });
            long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
            return module.run("reshape", target, handles.of(shape));
        }
    }

    /** The values in a type that DJL can hand over; {@code fill} converts those that were widened back, exactly. */
    private PtNDArray values(StoredTensor tensor, ByteBuffer part, int count) {
        Shape shape = new Shape(count);
        return switch (tensor.type()) {
            case F32 -> module.manager().create(part, shape, DataType.FLOAT32);
            case F64 -> module.manager().create(part, shape, DataType.FLOAT64);
            case F16 -> module.manager().create(part, shape, DataType.FLOAT16);
            case I64 -> module.manager().create(part, shape, DataType.INT64);
            case I32 -> module.manager().create(part, shape, DataType.INT32);
            case I8, U8, BOOL -> module.manager().create(part, shape, DataType.UINT8);
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
