package org.jllm.torch;

import java.util.List;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.Weight;

/**
 * Matrices that get the same rows, all of the same number of inputs.
 *
 * @param specs at least one
 * @param weights of these, in the same order
 */
record MatrixStack(List<TensorSpec> specs, List<Weight> weights) {
    MatrixStack {
        specs = List.copyOf(specs);
        weights = List.copyOf(weights);
    }

    static MatrixStack of(ModelWeights weights, List<TensorSpec> specs) {
        return new MatrixStack(
                specs, specs.stream().map(spec -> weights.require(spec.name())).toList());
    }

    /** What two stacks have in common whose matrices are the same under other names. */
    record Places(List<Weight> weights, boolean inputsFirst) {}

    Places places() {
        List<Weight> unnamed = weights.stream()
                .map(weight -> weight instanceof StoredTensor stored ? stored.named("") : weight)
                .toList();
        return new Places(unnamed, inputsFirst());
    }

    int size() {
        return specs.size();
    }

    String name(int index) {
        return specs.get(index).name();
    }

    boolean inputsFirst() {
        return specs.get(0).isInputsFirst();
    }

    long outputs(int index) {
        List<Long> shape = weights.get(index).shape();
        return inputsFirst() ? rest(shape) : shape.get(0);
    }

    long inputs() {
        List<Long> shape = weights.get(0).shape();
        return inputsFirst() ? shape.get(0) : rest(shape);
    }

    private static long rest(List<Long> shape) {
        return shape.stream().skip(1).reduce(1L, Math::multiplyExact);
    }
}
