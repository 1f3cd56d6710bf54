package org.jllm.torch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jllm.api.LoraAdapter;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.Weight;
import org.jllm.checkpoint.peft.PeftAdapter;

/** A plan and the weights for it, found to fit; nothing but headers is read yet. */
record PreparedModel(DecoderPlan plan, ModelWeights weights) {
    private static final String TIED = "tie_word_embeddings";

    /**
     * The model of a folder with adapters.
     *
     * @param adapters folders in PEFT form
     * @throws org.jllm.api.InvalidModelException naming the first tensor that does not fit the configuration or the base
     */
    static PreparedModel of(Path folder, List<LoraAdapter> adapters) {
        ModelConfig config = Architectures.configuration(folder);
        Architecture architecture = Architectures.of(config);
        DecoderPlan plan = architecture.plan(config);
        Checkpoint stored = Checkpoint.open(folder);
        OldNames names = new OldNames(plan.tensorNames(), stored.tensors().keySet());
        Checkpoint checkpoint = stored.renamed(name -> plan.names().apply(names.apply(name)));
        ModelWeights weights = ModelWeights.of(checkpoint, folder, config, inputsFirst(plan));
        PreparedModel model = new PreparedModel(plan, CheckpointMatch.fit(weights, plan.tensors(), plan.ignorable()));
        for (LoraAdapter adapter : adapters) {
            if (adapter.scale() != 0) {
                PeftAdapter opened = PeftAdapter.open(adapter.file(), plan.names());
                model = model.with(opened, adapter.scale(), config, architecture);
            }
        }
        return model;
    }

    private static Predicate<String> inputsFirst(DecoderPlan plan) {
        return plan.tensors().stream()
                .filter(TensorSpec::isInputsFirst)
                .map(TensorSpec::name)
                .collect(Collectors.toUnmodifiableSet())::contains;
    }

    private PreparedModel with(PeftAdapter adapter, float scale, ModelConfig config, Architecture architecture) {
        PreparedModel base = untied(adapter, config, architecture);
        return new PreparedModel(base.plan, adapter.applyTo(base.weights, inputsFirst(base.plan), scale));
    }

    /**
     * An adapter changes one of two weights that are tied, as it did in training: the other keeps what both had. The head
     * is the tensor that the model has only when it is not tied.
     */
    private PreparedModel untied(PeftAdapter adapter, ModelConfig config, Architecture architecture) {
        List<TensorSpec> separate =
                new ArrayList<>(architecture.plan(config.with(TIED, false)).tensors());
        separate.removeAll(plan.tensors());
        if (separate.size() != 1) {
            return this;
        }
        TensorSpec head = separate.get(0);
        String embeddings = plan.tensors().stream()
                .filter(spec -> spec.shape().equals(head.shape()))
                .map(TensorSpec::name)
                .findFirst()
                .orElseThrow();
        if (!adapter.changes(head.name()) && !adapter.changes(embeddings)) {
            return this;
        }
        if (adapter.tiesWeights()) {
            throw new UnsupportedModelException("an adapter that changes '" + embeddings + "' and keeps '" + head.name()
                    + "' tied to it (ensure_weight_tying) is not supported");
        }
        return new PreparedModel(
                architecture.plan(config.with(TIED, false)),
                weights.with(Map.of(head.name(), weights.require(embeddings))));
    }

    /** The configuration of a model that has these weights as they are once resolved. */
    ModelConfig config(ModelConfig stored) {
        ModelConfig whole = stored.without("quantization_config");
        boolean untied = !Architectures.of(stored).plan(stored).tensors().equals(plan.tensors());
        return untied ? whole.with(TIED, false) : whole;
    }

    /** The type that most of the weights have. */
    ElementType type() {
        return type(weights);
    }

    /** The type that most of the weights have, unpacked. */
    static ElementType type(ModelWeights weights) {
        return weights.distinct().stream()
                .collect(Collectors.groupingBy(Weight::type, Collectors.summingLong(Weight::unpackedBytes)))
                .entrySet()
                .stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(ElementType.F32);
    }
}
