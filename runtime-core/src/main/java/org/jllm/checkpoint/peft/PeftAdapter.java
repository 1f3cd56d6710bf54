package org.jllm.checkpoint.peft;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.checkpoint.AdaptedWeight;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.LowRankUpdate;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.StrictJson;
import org.jllm.checkpoint.Weight;
import org.jllm.checkpoint.peft.PeftTensor.Role;
import org.jspecify.annotations.Nullable;

/**
 * A LoRA in PEFT form: {@code adapter_config.json} and {@code adapter_model.safetensors}. Only headers are read.
 * Immutable.
 */
public final class PeftAdapter {
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHT = ".weight";

    private final Path folder;
    private final PeftConfig config;
    private final List<PeftTensor> tensors;

    private PeftAdapter(Path folder, PeftConfig config, List<PeftTensor> tensors) {
        this.folder = folder;
        this.config = config;
        this.tensors = tensors;
    }

    /** Whether a folder holds an adapter. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG));
    }

    /**
     * The repository or folder that an adapter says it was trained on, without its weights being looked at.
     *
     * @return empty if it does not say
     * @throws org.jllm.api.UnsupportedModelException if it is another kind of adapter than LoRA
     */
    public static Optional<String> base(Path folder) {
        return Optional.of(PeftConfig.read(folder.resolve(CONFIG)).base()).filter(name -> !name.isEmpty());
    }

    /**
     * Opens the adapter in a folder.
     *
     * @param names what the model calls a tensor of the reference
     * @throws ModelNotFoundException if there is none
     * @throws org.jllm.api.UnsupportedModelException if it is another kind of adapter than LoRA
     * @throws InvalidModelException if its files are damaged or contradict each other
     */
    public static PeftAdapter open(Path folder, UnaryOperator<String> names) {
        if (!isIn(folder)) {
            throw new ModelNotFoundException(folder + " is no adapter (lora) for this engine: that is a folder with "
                    + CONFIG + " and the weights beside it; a GGUF adapter is for a GGUF model");
        }
        PeftConfig config = PeftConfig.read(folder.resolve(CONFIG));
        return new PeftAdapter(
                folder,
                config,
                Checkpoint.openAdapter(folder).tensors().values().stream()
                        .map(tensor -> PeftTensor.of(tensor, names))
                        .toList());
    }

    /**
     * What it is, for people: {@code LoRA of rank 8, alpha 16}. Its weights are not looked at.
     *
     * @throws org.jllm.api.UnsupportedModelException if it is another kind of adapter than LoRA
     */
    public static String form(Path folder) {
        PeftConfig config = PeftConfig.read(folder.resolve(CONFIG));
        String alpha = config.alpha() == Math.rint(config.alpha())
                ? Long.toString((long) config.alpha())
                : Double.toString(config.alpha());
        return "LoRA of rank " + config.rank() + ", alpha " + alpha
                + (config.rankStabilized() ? ", rank-stabilised" : "");
    }

    /** Whether it changes or brings a weight. */
    public boolean changes(String weight) {
        return tensors.stream().anyMatch(tensor -> weight.equals(tensor.target()));
    }

    /** Whether it wants a head that shares the weights of the embeddings to share them still when they are changed. */
    public boolean tiesWeights() {
        return config.tiesWeights();
    }

    /**
     * The weights of its base with its changes.
     *
     * @param inputsFirst names of the weights that the model keeps as [inputs, outputs]
     * @param strength that all updates are multiplied by, beside the adapter's own
     * @throws InvalidModelException naming the first tensor that does not fit, if the adapter is for another base or
     *     incomplete
     */
    public ModelWeights applyTo(ModelWeights base, Predicate<String> inputsFirst, double strength) {
        Map<String, Weight> changed = new LinkedHashMap<>();
        Map<String, Factors> factors = new LinkedHashMap<>();
        for (PeftTensor tensor : tensors) {
            if (tensor.role() == Role.REPLACEMENT) {
                replace(base, tensor, strength, changed);
            } else {
                factors.computeIfAbsent(tensor.target(), weight -> new Factors())
                        .put(tensor);
            }
        }
        factors.forEach((weight, pair) -> {
            String module = pair.any().module();
            Weight current = changed.getOrDefault(weight, base.get(weight));
            if (current == null) {
                throw unfit(
                        "changes '" + StrictJson.bounded(weight) + "', which the model does not have",
                        pair.any().stored());
            }
            if (!config.targets().contain(module)) {
                throw new InvalidModelException(
                        "tensor " + PeftTensor.shown(pair.any().stored()) + " changes '" + StrictJson.bounded(module)
                                + "', which is not among the target_modules of " + config.file());
            }
            changed.put(weight, AdaptedWeight.of(current, update(weight, pair, current, inputsFirst, strength)));
        });
        checkComplete(base, factors, changed);
        return base.with(changed);
    }

    /** The tensors of one update. */
    private static final class Factors {
        private @Nullable PeftTensor a;
        private @Nullable PeftTensor b;

        void put(PeftTensor tensor) {
            boolean isA = tensor.role() == Role.A || tensor.role() == Role.EMBEDDING_A;
            PeftTensor before = isA ? a : b;
            if (before != null) {
                throw new InvalidModelException("tensors " + PeftTensor.shown(before.stored()) + " and "
                        + PeftTensor.shown(tensor.stored()) + " are for the same place");
            }
            if (isA) {
                a = tensor;
            } else {
                b = tensor;
            }
        }

        PeftTensor any() {
            PeftTensor one = a != null ? a : b;
            if (one == null) {
                throw new IllegalStateException("no factor");
            }
            return one;
        }
    }

    private LowRankUpdate update(
            String weight, Factors pair, Weight current, Predicate<String> inputsFirst, double strength) {
        PeftTensor a = pair.a;
        PeftTensor b = pair.b;
        if (a == null || b == null) {
            throw new InvalidModelException("tensor "
                    + PeftTensor.shown(pair.any().stored()) + " lacks its other half, lora_" + (a == null ? 'A' : 'B'));
        }
        boolean embedding = a.role() == Role.EMBEDDING_A;
        if (embedding != (b.role() == Role.EMBEDDING_B)) {
            throw new InvalidModelException("tensors " + PeftTensor.shown(a.stored()) + " and "
                    + PeftTensor.shown(b.stored()) + " are halves of different kinds");
        }
        String module = a.module();
        long rank = config.rankOf(module);
        List<Long> shape = current.shape();
        boolean transposed = embedding || inputsFirst.test(weight);
        if (shape.size() != 2) {
            throw unfit("changes '" + weight + "' of shape " + shape + ", which is no matrix", a.stored());
        }
        long inputs = shape.get(transposed ? 0 : 1);
        long outputs = shape.get(transposed ? 1 : 0);
        check(a.stored(), List.of(rank, inputs), weight, shape);
        check(b.stored(), List.of(outputs, rank), weight, shape);
        return new LowRankUpdate(a.stored(), b.stored(), config.scaleOf(module) * strength, transposed);
    }

    private void check(StoredTensor factor, List<Long> wanted, String weight, List<Long> shape) {
        checkFloating(factor);
        if (!factor.shape().equals(wanted)) {
            throw unfit("should have shape " + wanted + " to change '" + weight + "' of shape " + shape, factor);
        }
    }

    private static void checkFloating(StoredTensor tensor) {
        switch (tensor.type()) {
            case F64, F32, F16, BF16 -> {}
            default ->
                throw new InvalidModelException("tensor " + PeftTensor.shown(tensor) + " has the type " + tensor.type()
                        + ", which is none of weights");
        }
    }

    private void replace(ModelWeights base, PeftTensor tensor, double strength, Map<String, Weight> changed) {
        Weight current = base.get(tensor.target());
        if (current == null) {
            throw unfit("has no place in the model", tensor.stored());
        }
        checkFloating(tensor.stored());
        if (!current.shape().equals(tensor.stored().shape())) {
            throw unfit(
                    "should have shape " + current.shape() + " to replace '" + tensor.target() + "'", tensor.stored());
        }
        if (strength != 1) {
            throw new InvalidModelException("adapter " + folder + " replaces '" + tensor.target()
                    + "', which has no strength: its scale can only be 1");
        }
        if (changed.put(tensor.target(), tensor.stored()) != null) {
            throw new InvalidModelException(
                    "tensor " + PeftTensor.shown(tensor.stored()) + " is a second one for '" + tensor.target() + "'");
        }
    }

    /** What the configuration says is changed has to be in the file: an adapter for a deeper model is not for this one. */
    private void checkComplete(ModelWeights base, Map<String, Factors> factors, Map<String, Weight> changed) {
        base.all().forEach((name, weight) -> {
            if (!name.endsWith(WEIGHT)) {
                return;
            }
            String module = name.substring(0, name.length() - WEIGHT.length());
            boolean wanted = config.targets().areNamed()
                    && weight.shape().size() == 2
                    && config.targets().contain(module)
                    && !factors.containsKey(name);
            if (wanted) {
                throw new InvalidModelException("adapter " + folder + " does not fit this model, or is incomplete: "
                        + config.file() + " wants '" + module + "' changed, but there is no lora_A for it");
            }
            boolean saved = config.modulesToSave().stream().anyMatch(module::endsWith);
            if (saved && !changed.containsKey(name)) {
                throw new InvalidModelException("adapter " + folder + " does not fit this model, or is incomplete: "
                        + config.file() + " has '" + module + "' among modules_to_save, but there is no such tensor");
            }
        });
    }

    private InvalidModelException unfit(String problem, StoredTensor tensor) {
        return new InvalidModelException(
                "adapter " + folder + " does not fit this model: tensor " + PeftTensor.shown(tensor) + " " + problem);
    }
}
