package org.jllm.torch;

import ai.djl.pytorch.jni.IValue;
import java.util.List;
import java.util.Map;

/**
 * A stack in the form of a kernel.
 *
 * @param numbers one matrix for the whole stack, or one for each of its matrices
 * @param scales one tensor for each matrix of the stack; none where the form has no scales
 * @param columns one tensor for each matrix of the stack, empty where nothing has to be multiplied; none as above
 */
record PackedStack(List<IValue> numbers, List<IValue> scales, List<IValue> columns) {
    private static final String SCALES = ".scales";
    private static final String COLUMNS = ".columns";

    PackedStack {
        numbers = List.copyOf(numbers);
        scales = List.copyOf(scales);
        columns = List.copyOf(columns);
    }

    /** Puts all under the names by which the script looks for this form. */
    void putInto(Map<String, IValue> tensors, MatrixStack stack, String form) {
        for (int i = 0; i < numbers.size(); i++) {
            tensors.put(stack.name(i) + form, numbers.get(i));
            if (!columns.isEmpty()) {
                tensors.put(stack.name(i) + COLUMNS, columns.get(i));
            }
        }
        for (int i = 0; i < scales.size(); i++) {
            tensors.put(stack.name(i) + SCALES, scales.get(i));
        }
    }
}
