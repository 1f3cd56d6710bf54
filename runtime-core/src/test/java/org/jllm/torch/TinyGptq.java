package org.jllm.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Packs matrices of a model as GPTQ does, while the model gets what the packed numbers stand for, in double precision. The
 * numbers are random: how well they stand for a trained matrix is not asked here.
 */
final class TinyGptq {
    private final int bits;
    private final int groupSize;
    private final boolean actOrder;
    private final boolean minusOne;

    /** @param minusOne whether zero points are stored less one, as in the first form of the format */
    TinyGptq(int bits, int groupSize, boolean actOrder, boolean minusOne) {
        this.bits = bits;
        this.groupSize = groupSize;
        this.actOrder = actOrder;
        this.minusOne = minusOne;
    }

    String config(String format) {
        return "{\"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": " + bits + ", \"group_size\": "
                + groupSize + ", \"desc_act\": " + actOrder + ", \"sym\": false, \"checkpoint_format\": \"" + format
                + "\"}}";
    }

    /** All tensors of the model, with some of its matrices packed. */
    TinyFile pack(TinyModel model, List<String> modules, Random random) {
        TinyFile file = model.tensors();
        for (String module : modules) {
            pack(model, module, random, file);
        }
        return file;
    }

    private void pack(TinyModel model, String module, Random random, TinyFile file) {
        int inputs = (int) model.inputs(module);
        int outputs = (int) model.outputs(module);
        int size = groupSize == -1 ? inputs : groupSize;
        int groups = (inputs + size - 1) / size;
        List<Integer> groupOf = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            groupOf.add(i / size);
        }
        if (actOrder) {
            Collections.shuffle(groupOf, random);
        }
        int levels = 1 << bits;
        double[] scales = new double[groups * outputs];
        int[] zeros = new int[groups * outputs];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = Math.scalb(1 + random.nextInt(1_000) / 1_024.0, -3 - bits);
            zeros[i] = random.nextInt(levels);
        }
        int[][] columns = new int[outputs][inputs];
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                int number = random.nextInt(levels);
                int at = groupOf.get(i) * outputs + o;
                columns[o][i] = number;
                model.set(module, o, i, scales[at] * (number - zeros[at]));
            }
        }
        int words = inputs * bits / 32;
        int[] packed = new int[words * outputs];
        for (int o = 0; o < outputs; o++) {
            int[] column = stream(columns[o]);
            for (int word = 0; word < words; word++) {
                packed[word * outputs + o] = column[word];
            }
        }
        int zeroWords = outputs * bits / 32;
        int[] packedZeros = new int[groups * zeroWords];
        for (int group = 0; group < groups; group++) {
            int[] row = new int[outputs];
            for (int o = 0; o < outputs; o++) {
                row[o] = Math.floorMod(zeros[group * outputs + o] - (minusOne ? 1 : 0), levels);
            }
            System.arraycopy(stream(row), 0, packedZeros, group * zeroWords, zeroWords);
        }
        file.remove(module + ".weight")
                .int32(module + ".qweight", packed, words, outputs)
                .int32(module + ".qzeros", packedZeros, groups, zeroWords)
                .float16(module + ".scales", scales, groups, outputs)
                .int32(
                        module + ".g_idx",
                        groupOf.stream().mapToInt(Integer::intValue).toArray(),
                        inputs);
    }

    /** The numbers one after the other, bit by bit. */
    private int[] stream(int[] numbers) {
        int[] words = new int[numbers.length * bits / 32];
        for (int i = 0; i < numbers.length * bits; i++) {
            int bit = numbers[i / bits] >> i % bits & 1;
            words[i / 32] |= bit << i % 32;
        }
        return words;
    }
}
