package org.jllm.torch;

import java.util.List;
import java.util.Random;
import org.jllm.checkpoint.ElementType;

/** Packs matrices of a model as bitsandbytes does, while the model gets what the packed numbers stand for. */
final class TinyBitsAndBytes {
    private static final int NESTED_BLOCK = 256;

    private final String kind;
    private final int block;
    private final boolean nested;
    private final String dtype;
    private final Random random;

    TinyBitsAndBytes(String kind, int block, boolean nested, String dtype, Random random) {
        this.kind = kind;
        this.block = block;
        this.nested = nested;
        this.dtype = dtype;
        this.random = random;
    }

    TinyFile fourBit(TinyModel model, List<String> modules) {
        TinyFile file = model.tensors();
        for (String module : modules) {
            fourBit(model, module, file);
        }
        return file;
    }

    private void fourBit(TinyModel model, String module, TinyFile file) {
        int inputs = (int) model.inputs(module);
        int outputs = (int) model.outputs(module);
        int count = inputs * outputs;
        int blocks = (count + block - 1) / block;
        double[] levels = TinyModel.values(random, 16, 0);
        double[] magnitudes = TinyModel.values(random, blocks, 1);
        String weight = module + ".weight";
        file.remove(weight);
        String state = "\"quant_type\": \"" + kind + "\", \"blocksize\": " + block + ", \"dtype\": \"" + dtype
                + "\", \"shape\": [" + outputs + ", " + inputs + "]";
        if (nested) {
            byte[] places = new byte[blocks];
            random.nextBytes(places);
            double[] nestedLevels = TinyModel.values(random, 256, 0);
            double[] nestedMagnitudes = TinyModel.values(random, (blocks + NESTED_BLOCK - 1) / NESTED_BLOCK, 1);
            double offset = 0.75;
            for (int i = 0; i < blocks; i++) {
                magnitudes[i] = nestedLevels[places[i] & 0xff] * nestedMagnitudes[i / NESTED_BLOCK] + offset;
            }
            file.raw(weight + ".absmax", ElementType.U8, places, blocks)
                    .float32(weight + ".nested_absmax", nestedMagnitudes, nestedMagnitudes.length)
                    .float32(weight + ".nested_quant_map", nestedLevels, 256);
            state += ", \"nested_blocksize\": 256, \"nested_dtype\": \"float32\", \"nested_offset\": " + offset;
        } else {
            file.float32(weight + ".absmax", magnitudes, blocks);
        }
        byte[] packed = new byte[(count + 1) / 2];
        for (int i = 0; i < count; i++) {
            int place = random.nextInt(16);
            packed[i / 2] |= (byte) (i % 2 == 0 ? place << 4 : place);
            model.set(module, i / inputs, i % inputs, levels[place] * magnitudes[i / block]);
        }
        file.raw(weight, ElementType.U8, packed, packed.length, 1)
                .float32(weight + ".quant_map", levels, 16)
                .text(weight + ".quant_state.bitsandbytes__" + kind, "{" + state + "}");
    }

    static TinyFile eightBit(TinyModel model, List<String> modules, Random random) {
        TinyFile file = model.tensors();
        for (String module : modules) {
            int inputs = (int) model.inputs(module);
            int outputs = (int) model.outputs(module);
            byte[] packed = new byte[inputs * outputs];
            random.nextBytes(packed);
            double[] scales = TinyModel.values(random, outputs, 0.3);
            for (int i = 0; i < packed.length; i++) {
                model.set(module, i / inputs, i % inputs, packed[i] * scales[i / inputs] / 127);
            }
            file.raw(module + ".weight", ElementType.I8, packed, outputs, inputs)
                    .float32(module + ".SCB", scales, outputs)
                    .raw(module + ".weight_format", ElementType.U8, new byte[1]);
        }
        return file;
    }
}
