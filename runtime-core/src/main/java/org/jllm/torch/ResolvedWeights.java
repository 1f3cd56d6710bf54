package org.jllm.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.TensorReader;
import org.jllm.checkpoint.Weight;
import org.jllm.checkpoint.WeightReader;

/** Hands over weights as they are after unpacking and merging, to be written to a file. */
final class ResolvedWeights implements WeightReader {
    private static final int PART_ELEMENTS = 1 << 20;

    private final LibTorch torch = LibTorch.get();
    private final ScriptModule module;

    /** @param plan of the model, whose script brings the functions */
    ResolvedWeights(DecoderPlan plan) {
        module = torch.call(() -> torch.module(plan.script(), plan.cache().frame()));
    }

    @Override
    public void read(Weight weight, TensorReader.Parts parts) {
        torch.call(() -> {
            try (Handles handles = new Handles(torch)) {
                ElementType type = weight.type();
                IValue whole = handles.own(new WeightLoader(module, handles).whole(weight, type, false));
                for (long first = 0; first < weight.elements(); first += PART_ELEMENTS) {
                    long count = Math.min(PART_ELEMENTS, weight.elements() - first);
                    try (Handles step = handles.nested()) {
                        // What DJL can hand over; float32 holds every bfloat16.
                        ElementType surface = type == ElementType.BF16 ? ElementType.F32 : type;
                        IValue part = step.own(module.run(
                                "part", whole, step.of(first), step.of(count), step.of(ScalarTypes.of(surface))));
                        PtNDArray values = step.own(part.toTensor(module.manager()));
                        ByteBuffer bytes = values.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN);
                        parts.accept(type == ElementType.BF16 ? upperHalves(bytes) : bytes);
                    }
                }
            }
            return null;
        });
    }

    /** The bfloat16 of float32 that have no more digits. */
    private static ByteBuffer upperHalves(ByteBuffer floats) {
        ByteBuffer halves = ByteBuffer.allocate(floats.remaining() / 2).order(ByteOrder.LITTLE_ENDIAN);
        while (floats.hasRemaining()) {
            halves.putShort((short) (floats.getInt() >>> 16));
        }
        return halves.flip();
    }
}
