package org.jllm.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jllm.api.InvalidModelException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tensors that make up quantised matrices together, and puts the matrices in their place. Every shape is checked
 * here, so that what unpacks them can rely on it.
 */
final class QuantizedTensors {
    private static final String WEIGHT = ".weight";
    private static final String PACKED = ".qweight";
    private static final String STATE = ".quant_state.bitsandbytes__";
    private static final String SCALES_OF_INT8 = ".SCB";
    private static final String LAYOUT_OF_INT8 = ".weight_format";
    private static final long MOST_SIDE = 1L << 24;

    private final Map<String, Weight> weights;
    private final @Nullable QuantizationConfig config;
    private final Predicate<String> inputsFirst;

    private QuantizedTensors(
            Map<String, StoredTensor> tensors, @Nullable QuantizationConfig config, Predicate<String> inputsFirst) {
        this.weights = new LinkedHashMap<>(tensors);
        this.config = config;
        this.inputsFirst = inputsFirst;
    }

    /**
     * The weights that the tensors of a checkpoint make.
     *
     * @param inputsFirst names of the weights that the model keeps as [inputs, outputs]
     */
    static Map<String, Weight> group(
            Map<String, StoredTensor> tensors, Optional<QuantizationConfig> config, Predicate<String> inputsFirst) {
        QuantizedTensors grouping = new QuantizedTensors(tensors, config.orElse(null), inputsFirst);
        tensors.forEach((name, tensor) -> {
            int state = name.indexOf(STATE);
            if (name.endsWith(PACKED)) {
                grouping.gptq(cut(name, PACKED), tensor);
            } else if (state > 0) {
                grouping.weights.remove(name);
                grouping.fourBit(name.substring(0, state), tensor, name.substring(state + STATE.length()));
            } else if (name.endsWith(SCALES_OF_INT8)) {
                grouping.eightBit(cut(name, SCALES_OF_INT8), tensor);
            }
        });
        return grouping.weights;
    }

    private void gptq(String module, StoredTensor packed) {
        QuantizationConfig form = config;
        if (form == null) {
            throw new InvalidModelException(
                    packed.file() + " holds GPTQ matrices ('" + StrictJson.bounded(packed.name())
                            + "'), but neither config.json has a quantization_config nor is there a quantize_config.json that"
                            + " says how they are packed");
        }
        String weight = module + WEIGHT;
        if (weights.containsKey(weight)) {
            throw wrong(packed, "and '" + StrictJson.bounded(weight) + "' are both there");
        }
        weights.remove(module + PACKED);
        StoredTensor zeros = take(module + ".qzeros", packed);
        StoredTensor scales = take(module + ".scales", packed);
        StoredTensor groupOfInput = takeIfThere(module + ".g_idx");
        matrix(packed, ElementType.I32);
        matrix(zeros, ElementType.I32);
        int bits = form.bits();
        if (packed.shape().get(0) * Integer.SIZE % bits != 0) {
            throw wrong(packed, "has " + packed.shape().get(0) + " rows, which " + bits + "-bit numbers do not fill");
        }
        long inputs = packed.shape().get(0) * Integer.SIZE / bits;
        long outputs = packed.shape().get(1);
        long groupSize = form.groupSize() == -1 ? inputs : form.groupSize();
        long groups = (inputs + groupSize - 1) / groupSize;
        shaped(scales, List.of(groups, outputs), "groups of " + groupSize + " of " + inputs + " inputs");
        if (!isFloating(scales.type())) {
            throw wrong(scales, "has the type " + scales.type() + ", which is none of scales");
        }
        if (outputs * bits % Integer.SIZE != 0) {
            throw wrong(packed, "has " + outputs + " columns, whose " + bits + "-bit zero points fill no whole words");
        }
        shaped(zeros, List.of(groups, outputs * bits / Integer.SIZE), bits + "-bit zero points");
        if (groupOfInput != null) {
            typed(groupOfInput, ElementType.I32);
            shaped(groupOfInput, List.of(inputs), "one group an input");
        } else if (form.actOrder()) {
            throw new InvalidModelException(form.name() + " says desc_act, but '" + StrictJson.bounded(module)
                    + "' has no g_idx in " + packed.file());
        }
        weights.put(
                weight,
                new GptqWeight(
                        packed,
                        zeros,
                        scales,
                        groupOfInput,
                        bits,
                        groupSize,
                        form.zeroOffset(),
                        inputsFirst.test(weight)));
    }

    private void fourBit(String weight, StoredTensor state, String kind) {
        StoredTensor packed = take(weight, state);
        StoredTensor magnitudes = take(weight + ".absmax", state);
        StoredTensor levels = take(weight + ".quant_map", state);
        StoredTensor nestedMagnitudes = takeIfThere(weight + ".nested_absmax");
        FourBitState description = FourBitState.read(state, kind);
        long count = description.outputs() * description.inputs();
        long blocks = blocks(count, description.blockSize());
        typed(levels, ElementType.F32);
        shaped(levels, List.of(16L), "4-bit numbers");
        if (packed.byteLength() != (count + 1) / 2) {
            throw wrong(
                    packed,
                    "has " + packed.byteLength() + " bytes, but " + count + " numbers of 4 bits take "
                            + (count + 1) / 2);
        }
        if (!packed.isContiguous()) {
            throw wrong(packed, "is not stored row by row");
        }
        FourBitWeight.Nested nested = null;
        if (nestedMagnitudes != null) {
            StoredTensor nestedLevels = take(weight + ".nested_quant_map", state);
            typed(nestedLevels, ElementType.F32);
            shaped(nestedLevels, List.of(256L), "8-bit magnitudes");
            typed(nestedMagnitudes, ElementType.F32);
            counted(nestedMagnitudes, blocks(blocks, description.nestedBlockSize()));
            nested = new FourBitWeight.Nested(
                    nestedMagnitudes, nestedLevels, description.nestedBlockSize(), description.nestedOffset());
        }
        typed(magnitudes, nested == null ? ElementType.F32 : ElementType.U8);
        counted(magnitudes, blocks);
        weights.put(
                weight,
                new FourBitWeight(
                        packed,
                        magnitudes,
                        levels,
                        nested,
                        kind,
                        description.blockSize(),
                        description.type(),
                        description.outputs(),
                        description.inputs(),
                        inputsFirst.test(weight)));
    }

    private void eightBit(String module, StoredTensor scales) {
        weights.remove(module + SCALES_OF_INT8);
        StoredTensor packed = take(module + WEIGHT, scales);
        StoredTensor layout = takeIfThere(module + LAYOUT_OF_INT8);
        matrix(packed, ElementType.I8);
        typed(scales, ElementType.F32);
        shaped(scales, List.of(packed.shape().get(0)), "one scale a row");
        if (layout != null
                && (layout.byteLength() != 1 || SmallTensor.bytes(layout, 1).get() != 0)) {
            throw wrong(layout, "is not 0: only matrices that are stored row by row are read");
        }
        weights.put(module + WEIGHT, new EightBitWeight(packed, scales, inputsFirst.test(module + WEIGHT)));
    }

    private StoredTensor take(String name, StoredTensor beside) {
        StoredTensor tensor = takeIfThere(name);
        if (tensor == null) {
            throw new InvalidModelException("the checkpoint lacks tensor '" + StrictJson.bounded(name)
                    + "', which belongs to '" + StrictJson.bounded(beside.name()) + "' in " + beside.file());
        }
        return tensor;
    }

    private @Nullable StoredTensor takeIfThere(String name) {
        return weights.get(name) instanceof StoredTensor tensor && weights.remove(name, tensor) ? tensor : null;
    }

    private static String cut(String name, String ending) {
        return name.substring(0, name.length() - ending.length());
    }

    private static long blocks(long count, long size) {
        return (count + size - 1) / size;
    }

    private static boolean isFloating(ElementType type) {
        return type == ElementType.F16 || type == ElementType.BF16 || type == ElementType.F32;
    }

    private static void matrix(StoredTensor tensor, ElementType type) {
        typed(tensor, type);
        List<Long> shape = tensor.shape();
        if (shape.size() != 2 || shape.stream().anyMatch(size -> size < 1 || size > MOST_SIDE)) {
            throw wrong(tensor, "has shape " + shape + ", which is none of a matrix");
        }
    }

    private static void typed(StoredTensor tensor, ElementType type) {
        if (tensor.type() != type) {
            throw wrong(tensor, "has the type " + tensor.type() + ", not " + type);
        }
    }

    private static void shaped(StoredTensor tensor, List<Long> shape, String why) {
        if (!tensor.shape().equals(shape)) {
            throw wrong(tensor, "has shape " + tensor.shape() + ", but " + why + " make it " + shape);
        }
    }

    private static void counted(StoredTensor tensor, long count) {
        if (tensor.elements() != count) {
            throw wrong(tensor, "has " + tensor.elements() + " numbers, but there are " + count + " blocks");
        }
    }

    private static InvalidModelException wrong(StoredTensor tensor, String problem) {
        return new InvalidModelException(
                "tensor '" + StrictJson.bounded(tensor.name()) + "' in " + tensor.file() + " " + problem);
    }
}
