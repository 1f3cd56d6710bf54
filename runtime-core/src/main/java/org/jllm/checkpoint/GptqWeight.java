package org.jllm.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jspecify.annotations.Nullable;

/**
 * A matrix of 2, 3, 4 or 8 bits as AutoGPTQ and GPTQModel write it. Number {@code i, o} is
 * {@code scales[g, o] * (q[i, o] - zero[g, o])}, where {@code g} is the group of input {@code i}.
 *
 * @param packed int32 [inputs * bits / 32, outputs]: each column is a stream of bits, lowest first
 * @param zeros int32 [groups, outputs * bits / 32], each row such a stream
 * @param scales floating-point [groups, outputs]
 * @param groupOfInput int32 [inputs]; null: groups are of {@code groupSize} inputs that follow each other
 * @param groupSize at least 1
 * @param zeroOffset what is added to a stored zero point, modulo 2 to the power of {@code bits}: 1 in the first form of the
 *     format, 0 in the second
 * @param inputsFirst whether the model keeps the weight as [inputs, outputs] (Transformers' Conv1D), not [outputs, inputs]
 */
public record GptqWeight(
        StoredTensor packed,
        StoredTensor zeros,
        StoredTensor scales,
        @Nullable StoredTensor groupOfInput,
        int bits,
        long groupSize,
        int zeroOffset,
        boolean inputsFirst)
        implements QuantizedWeight {
    private static final int MOST_INDEX_BYTES = 1 << 26;

    public long inputs() {
        return packed.shape().get(0) * Integer.SIZE / bits;
    }

    public long outputs() {
        return packed.shape().get(1);
    }

    /**
     * The group of each input, read from the file.
     *
     * @throws InvalidModelException if one is none of the groups that have scales
     */
    public long[] groups() {
        long[] groups = new long[Math.toIntExact(inputs())];
        StoredTensor stored = groupOfInput;
        if (stored == null) {
            for (int i = 0; i < groups.length; i++) {
                groups[i] = i / groupSize;
            }
            return groups;
        }
        ByteBuffer bytes = SmallTensor.bytes(stored, MOST_INDEX_BYTES);
        long count = scales.shape().get(0);
        for (int i = 0; i < groups.length; i++) {
            groups[i] = bytes.getInt();
            if (groups[i] < 0 || groups[i] >= count) {
                throw new InvalidModelException("tensor '" + StrictJson.bounded(stored.name()) + "' in " + stored.file()
                        + " puts input " + i + " into group " + groups[i] + ", but there are " + count + " groups");
            }
        }
        return groups;
    }

    @Override
    public List<Long> shape() {
        return inputsFirst ? List.of(inputs(), outputs()) : List.of(outputs(), inputs());
    }

    @Override
    public ElementType type() {
        return scales.type();
    }

    @Override
    public List<StoredTensor> parts() {
        return groupOfInput == null ? List.of(packed, zeros, scales) : List.of(packed, zeros, scales, groupOfInput);
    }

    @Override
    public Path file() {
        return packed.file();
    }

    @Override
    public String form() {
        return "GPTQ " + bits + "-bit, " + (groupSize >= inputs() ? "one group" : "groups of " + groupSize);
    }
}
