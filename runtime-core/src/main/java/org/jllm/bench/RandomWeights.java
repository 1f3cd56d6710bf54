package org.jllm.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter;
import org.jllm.checkpoint.SafetensorsWriter.Announced;

/**
 * Normally distributed values for tensors of one type. Values are drawn once, and each tensor takes them from a place
 * of its own, over and over: their number is prime, so that the rows of a matrix differ. The same on every machine.
 */
final class RandomWeights {
    /** The {@code initializer_range} of Transformers' configurations. */
    static final double DEVIATION = 0.02;

    private static final int VALUES = 2_097_143;

    private final Random random = new Random(1);
    private final ElementType type;
    private final ByteBuffer around0;

    RandomWeights(ElementType type) {
        this.type = type;
        around0 = values(VALUES, 0);
    }

    void write(Announced tensor, SafetensorsWriter writer) throws IOException {
        if (tensor.name().matches(".*(norm|norm_f|LayerNorm|ln|\\.ln\\d|\\.ln_\\w+)\\.weight")) {
            writer.write(tensor.name(), values(Math.toIntExact(tensor.shape().get(0)), 1));
            return;
        }
        long remaining = tensor.byteLength();
        int from = random.nextInt(VALUES) * type.bytes();
        while (remaining > 0) {
            int count = (int) Math.min(remaining, around0.capacity() - from);
            writer.write(tensor.name(), around0.slice(from, count));
            remaining -= count;
            from = 0;
        }
    }

    ByteBuffer values(int count, double mean) {
        ByteBuffer values = ByteBuffer.allocateDirect(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            float value = (float) (mean + DEVIATION * random.nextGaussian());
            switch (type) {
                case F32 -> values.putFloat(value);
                case BF16 -> values.putShort(bfloat16(value));
                case F16 -> values.putShort(float16(value));
                default -> throw new IllegalArgumentException("no random values of type " + type);
            }
        }
        return values.flip();
    }

    /** The nearest bfloat16 to a finite number, the even one of two. */
    static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /** The nearest float16 to a number that it can hold, the even one of two. */
    static short float16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        float magnitude = Math.abs(value);
        if (magnitude < 0x1p-14f) {
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
        }
        int exponentAndFraction = (bits & 0x7fffffff) - (127 - 15 << 23);
        return (short) (sign | exponentAndFraction + 0xfff + (exponentAndFraction >>> 13 & 1) >>> 13);
    }
}
