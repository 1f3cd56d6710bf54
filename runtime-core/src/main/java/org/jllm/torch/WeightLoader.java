package org.jllm.torch;

import ai.djl.pytorch.jni.IValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.AdaptedWeight;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.ModelWeights;
import org.jllm.checkpoint.QuantizedWeight;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.Weight;

/**
 * Brings the tensors of a checkpoint into libtorch: files are mapped, and a tensor is a view of the mapping, so that
 * weights in the engine's own type are neither read nor copied at load. Copied are only tensors that the file has
 * compressed, out of row order, or at no multiple of their element size, and those that change their type; made anew are
 * quantised matrices, and changed in place those that adapters update. A tensor that has several names is there once. Used
 * on libtorch's thread only.
 */
final class WeightLoader {
    private final ScriptModule module;
    private final Handles handles;
    private final TensorCopy copy;
    private final WeightUnpacker unpacker;
    private final Map<Mapping, IValue> mappings = new HashMap<>();
    private final List<Region> changed = new ArrayList<>();

    /**
     * A file mapped as one tensor: a file that holds several types is mapped once for each. The pages of a mapping are
     * private, so that weights can be changed in one, at the cost of the pages they lie in; what is changed has a mapping
     * of its own, beside the one that shows the file as it is.
     */
    private record Mapping(Path file, ElementType type, boolean changed) {}

    private record Region(Path file, long begin, long end) {
        boolean overlaps(Region other) {
            return file.equals(other.file) && begin < other.end && other.begin < end;
        }
    }

    /** A weight, whatever its name, in a type of the engine. */
    private record Placed(Weight place, Precision precision) {}

    /** @param handles owner of all values that are made here, also of those that are returned */
    WeightLoader(ScriptModule module, Handles handles) {
        this.module = module;
        this.handles = handles;
        copy = new TensorCopy(module);
        unpacker = new WeightUnpacker(module, handles, tensor -> raw(tensor, false));
    }

    /**
     * The script's dictionary of the tensors by name, each on the device in the precision of a model, or in float32 where
     * its plan says so; those of matrices that are packed under the names of their packed forms.
     *
     * @param keep owner of the dictionary, which alone holds the tensors
     * @param model owner of memory that some tensors lie in, which has to stay as long as they
     */
    static IValue load(
            LibTorch torch,
            ScriptModule module,
            ModelWeights weights,
            List<TensorSpec> wanted,
            WeightForm form,
            Handles keep,
            Handles model) {
        Kernel kernel = torch.kernels().choose(form, module);
        try (Handles step = keep.nested()) {
            Map<String, IValue> tensors = new LinkedHashMap<>();
            List<MatrixStack> stacks = new WeightLoader(module, step).load(weights, wanted, form, kernel, tensors);
            new PackedMatrices(torch, module, kernel, form.packs()).put(stacks, tensors, step, model);
            return keep.own(IValue.stringIValueMapFrom(tensors));
        }
    }

    /** Puts what is used as it is into {@code tensors}; what is to be packed is returned. */
    private List<MatrixStack> load(
            ModelWeights weights,
            List<TensorSpec> wanted,
            WeightForm form,
            Kernel kernel,
            Map<String, IValue> tensors) {
        boolean mayChange = form.device().equals("cpu");
        Map<String, List<TensorSpec>> stacks = new LinkedHashMap<>();
        Map<Placed, IValue> placed = new HashMap<>();
        for (TensorSpec spec : wanted) {
            if (kernel != Kernel.STORED && spec.isMatrix()) {
                String stack = kernel.isInt8() ? spec.stack() : spec.name();
                stacks.computeIfAbsent(stack, first -> new ArrayList<>()).add(spec);
                continue;
            }
            Weight weight = weights.require(spec.name());
            Weight place = weight instanceof StoredTensor stored ? stored.named("") : weight;
            Precision own = spec.use() == TensorSpec.Use.FLOAT32 ? Precision.FLOAT32 : form.precision();
            tensors.put(spec.name(), placed.computeIfAbsent(new Placed(place, own), key -> {
                try (Handles step = handles.nested()) {
                    IValue whole = step.own(whole(weight, own.type(), mayChange));
                    return handles.own(module.run("place", whole, step.of(form.device()), step.of(own.scalarType())));
                }
            }));
        }
        return stacks.values().stream()
                .map(stack -> MatrixStack.of(weights, stack))
                .toList();
    }

    /**
     * The numbers of a weight; in the given type, save for a stored tensor, which keeps its own.
     *
     * @param mayChange whether the pages of a file that an adapter changes may become the engine's weights
     */
    IValue whole(Weight weight, ElementType type, boolean mayChange) {
        // Java 17 has no exhaustive switch over a sealed type.
        if (weight instanceof StoredTensor stored) {
            return raw(stored, false);
        } else if (weight instanceof QuantizedWeight quantized) {
            return unpacker.unpack(quantized, type);
        }
        AdaptedWeight adapted = (AdaptedWeight) weight;
        try (Handles step = handles.nested()) {
            boolean inPlace = mayChange
                    && adapted.base() instanceof StoredTensor stored
                    && stored.type() == type
                    && (!stored.isMappable() || (stored.isContiguous() && isAlone(stored)));
            IValue base = step.own(
                    adapted.base() instanceof StoredTensor stored
                            ? raw(stored, inPlace)
                            : whole(adapted.base(), ElementType.F32, false));
            IValue target = inPlace ? base : step.own(module.run("like", base, step.of(ScalarTypes.of(type))));
            return unpacker.merge(base, target, adapted.updates());
        }
    }

    /** Whether no other weight that was changed in place lies in the same bytes; two may share a storage. */
    private boolean isAlone(StoredTensor tensor) {
        Region region = new Region(tensor.file(), tensor.position(), tensor.position() + tensor.byteLength());
        return changed.stream().noneMatch(region::overlaps) && changed.add(region);
    }

    private IValue raw(StoredTensor tensor, boolean changed) {
        if (!tensor.isMappable()) {
            return copy.read(tensor);
        }
        IValue mapped = mappings.computeIfAbsent(new Mapping(tensor.file(), tensor.type(), changed), this::map);
        try (Handles step = handles.nested()) {
            long first = tensor.position() / tensor.type().bytes();
            return module.run(
                    "view",
                    mapped,
                    step.of(first),
                    step.of(numbers(tensor.shape())),
                    step.of(numbers(tensor.strides())));
        }
    }

    private IValue map(Mapping mapping) {
        try (Handles step = handles.nested()) {
            long elements = size(mapping.file()) / mapping.type().bytes();
            return handles.own(module.run(
                    "map",
                    step.of(mapping.file().toAbsolutePath().toString()),
                    step.of(elements),
                    step.of(ScalarTypes.of(mapping.type()))));
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static long[] numbers(List<Long> list) {
        return list.stream().mapToLong(Long::longValue).toArray();
    }
}
