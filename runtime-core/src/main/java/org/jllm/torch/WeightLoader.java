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
 * weights in the engine's own type are neither read nor copied at load. Copied are only tensors whose offset is no
 * multiple of their element size and those that change their type; made anew are quantised matrices, and changed in place
 * those that adapters update. Used on libtorch's thread only.
 */
final class WeightLoader {
    private final ScriptModule module;
    private final Handles handles;
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

    /** @param handles owner of all values that are made here, also of those that are returned */
    WeightLoader(ScriptModule module, Handles handles) {
        this.module = module;
        this.handles = handles;
        unpacker = new WeightUnpacker(module, handles, tensor -> raw(tensor, false));
    }

    /** The tensors by name, each in the given precision on the given device. */
    Map<String, IValue> load(ModelWeights weights, List<TensorSpec> wanted, Precision precision, String device) {
        boolean inPlace = device.equals("cpu");
        Map<String, IValue> tensors = new LinkedHashMap<>();
        for (TensorSpec spec : wanted) {
            try (Handles step = handles.nested()) {
                IValue whole = step.own(whole(weights.require(spec.name()), precision.type(), inPlace));
                IValue placed = module.run("place", whole, step.of(device), step.of(precision.scalarType()));
                tensors.put(spec.name(), handles.own(placed));
            }
        }
        return tensors;
    }

    /**
     * The numbers of a weight; in the given type, save for a stored tensor, which keeps its own.
     *
     * @param mayChange whether the pages of a file that an adapter changes may become the engine's weights
     */
    private IValue whole(Weight weight, ElementType type, boolean mayChange) {
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
                    && isAlone(stored);
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
        Region region = new Region(tensor.file(), tensor.offset(), tensor.offset() + tensor.byteLength());
        return changed.stream().noneMatch(region::overlaps) && changed.add(region);
    }

    private IValue raw(StoredTensor tensor, boolean changed) {
        int size = tensor.type().bytes();
        if (tensor.offset() % size != 0) {
            return new TensorCopy(module).read(tensor);
        }
        IValue mapped = mappings.computeIfAbsent(new Mapping(tensor.file(), tensor.type(), changed), this::map);
        try (Handles step = handles.nested()) {
            long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
            return module.run(
                    "view", mapped, step.of(tensor.offset() / size), step.of(shape), step.of(contiguousStrides(shape)));
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

    private static long[] contiguousStrides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(shape[i], 1);
        }
        return strides;
    }
}
