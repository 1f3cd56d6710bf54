package org.jllm.checkpoint;

import java.util.List;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;

/**
 * What bitsandbytes writes of a matrix of four bits, as JSON in a tensor of its own.
 *
 * @param nestedBlockSize, nestedOffset of magnitudes that are quantised once more; else without meaning
 */
record FourBitState(
        long outputs, long inputs, long blockSize, ElementType type, long nestedBlockSize, double nestedOffset) {
    private static final int MOST_BYTES = 1 << 16;
    private static final int MOST_SIDE = 1 << 24;

    /** @param kind the last part of the tensor's name */
    static FourBitState read(StoredTensor tensor, String kind) {
        String name = "tensor '" + StrictJson.bounded(tensor.name()) + "' in " + tensor.file();
        if (!kind.equals("nf4") && !kind.equals("fp4")) {
            throw new UnsupportedModelException(
                    name + ": the kind '" + StrictJson.bounded(kind) + "' is not supported; nf4 and fp4 are");
        }
        ModelConfig state = ModelConfig.parse(
                StrictJson.text(SmallTensor.bytes(tensor, MOST_BYTES).array(), name), name);
        if (!state.stringOr("quant_type", kind).equals(kind)) {
            throw new InvalidModelException(name + " has the quant_type " + state.stringOr("quant_type", ""));
        }
        state.requireAll("shape", "blocksize", "dtype");
        List<Integer> shape = state.integers("shape", 1, MOST_SIDE);
        if (shape.size() != 2) {
            throw new InvalidModelException(name + ": shape must have two sizes, not " + shape);
        }
        String dtype = state.stringOr("dtype", "");
        return new FourBitState(
                shape.get(0),
                shape.get(1),
                state.intOr("blocksize", 64, 1, MOST_SIDE),
                ElementType.ofDtype(dtype)
                        .orElseThrow(() -> new InvalidModelException(name + ": dtype '" + StrictJson.bounded(dtype)
                                + "' is none of float32, bfloat16, float16")),
                state.intOr("nested_blocksize", 256, 1, MOST_SIDE),
                state.doubleOr("nested_offset", 0, -1e30, 1e30));
    }
}
