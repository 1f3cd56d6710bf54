package org.jllm.checkpoint;

import java.nio.ByteBuffer;
import org.jllm.api.InvalidModelException;

/** Reads a tensor of a few million numbers into Java's memory, as float32 whatever it is stored as. */
public final class FloatTensor {
    private static final long MOST = 1L << 28;

    private FloatTensor() {}

    /**
     * The numbers of a tensor, row by row.
     *
     * @throws InvalidModelException if it cannot be read, is no tensor of floating-point numbers, or has more than 2^28
     */
    public static float[] read(StoredTensor tensor) {
        if (tensor.elements() > MOST) {
            throw wrong(tensor, "has " + tensor.elements() + " numbers; at most " + MOST + " make sense");
        }
        float[] numbers = new float[(int) tensor.elements()];
        int[] done = {0};
        new TensorReader().read(tensor, part -> {
            while (part.hasRemaining()) {
                numbers[done[0]++] = next(tensor, part);
            }
        });
        return numbers;
    }

    private static float next(StoredTensor tensor, ByteBuffer part) {
        return switch (tensor.type()) {
            case F32 -> part.getFloat();
            case F64 -> (float) part.getDouble();
            case BF16 -> Float.intBitsToFloat(part.getShort() << 16);
            case F16 -> half(part.getShort());
            default -> throw wrong(tensor, "is of type " + tensor.type() + ", which holds no floating-point numbers");
        };
    }

    /** The number of which these are the bits in binary16. */
    private static float half(short bits) {
        int exponent = (bits >> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude = switch (exponent) {
            case 0 -> fraction * 0x1p-24f;
            case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Float.intBitsToFloat((exponent + 112) << 23 | fraction << 13);
        };
        return bits < 0 ? -magnitude : magnitude;
    }

    private static InvalidModelException wrong(StoredTensor tensor, String problem) {
        return new InvalidModelException(
                "tensor '" + StrictJson.bounded(tensor.name()) + "' of " + tensor.file() + " " + problem);
    }
}
