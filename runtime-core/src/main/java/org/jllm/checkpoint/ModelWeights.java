package org.jllm.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jllm.api.InvalidModelException;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a model by name: the tensors of a checkpoint, with quantised matrices and the updates of adapters put
 * together. What reads from here need not know how a weight is stored. Immutable.
 */
public final class ModelWeights {
    private static final int MOST_BIAS_BYTES = 1 << 24;

    private final Map<String, Weight> weights;

    private ModelWeights(Map<String, Weight> weights) {
        this.weights = Collections.unmodifiableMap(weights);
    }

    /**
     * The weights of a checkpoint.
     *
     * @param folder of the model
     * @param config its {@code config.json}
     * @param inputsFirst names of the weights that the model keeps as [inputs, outputs]
     * @throws org.jllm.api.UnsupportedModelException if the model is quantised in a way that is not read
     * @throws InvalidModelException if the tensors of a quantised matrix contradict each other
     */
    public static ModelWeights of(
            Checkpoint checkpoint, Path folder, ModelConfig config, Predicate<String> inputsFirst) {
        Optional<QuantizationConfig> quantization = QuantizationConfig.read(folder, config);
        return new ModelWeights(QuantizedTensors.group(checkpoint.tensors(), quantization, inputsFirst));
    }

    /** These weights, by their names. */
    public static ModelWeights of(Map<String, Weight> weights) {
        return new ModelWeights(new LinkedHashMap<>(weights));
    }

    /** The weights without those that are the same bytes under another name. */
    public Set<Weight> distinct() {
        return weights.values().stream()
                .map(weight -> weight instanceof StoredTensor stored ? stored.named("") : weight)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** All weights by name, in the order of the checkpoint. */
    public Map<String, Weight> all() {
        return weights;
    }

    /** The weight of a name; null if there is none. */
    public @Nullable Weight get(String name) {
        return weights.get(name);
    }

    /**
     * The weight of a name.
     *
     * @throws InvalidModelException if there is none
     */
    public Weight require(String name) {
        Weight weight = weights.get(name);
        if (weight == null) {
            throw new InvalidModelException("the checkpoint lacks tensor '" + name + "'");
        }
        return weight;
    }

    /** These weights with changes. */
    public ModelWeights with(Map<String, Weight> changed) {
        Map<String, Weight> copy = new LinkedHashMap<>(weights);
        copy.putAll(changed);
        return new ModelWeights(copy);
    }

    /**
     * Whether a tensor is a bias of zeros beside a GPTQ matrix: AutoGPTQ wrote one for every matrix, also where the model
     * has none.
     */
    public boolean isIdleBias(String name) {
        String matrix = name.replaceFirst("\\.bias$", ".weight");
        if (!(weights.get(matrix) instanceof GptqWeight) || !(weights.get(name) instanceof StoredTensor bias)) {
            return false;
        }
        ByteBuffer bytes = SmallTensor.bytes(bias, MOST_BIAS_BYTES);
        while (bytes.hasRemaining()) {
            if (bytes.get() != 0) {
                return false;
            }
        }
        return true;
    }

    /** How the model is quantised, for people; empty if it is not. */
    public Optional<String> quantization() {
        return weights.values().stream()
                .map(weight -> weight instanceof AdaptedWeight adapted ? adapted.base() : weight)
                .filter(QuantizedWeight.class::isInstance)
                .map(weight -> ((QuantizedWeight) weight).form())
                .findFirst();
    }
}
