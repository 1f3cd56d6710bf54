package org.jllm.torch;

import ai.djl.pytorch.jni.IValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.StoredTensor;

/**
 * Brings the tensors of a checkpoint into libtorch: files are mapped, and a tensor is a view of the mapping, so that
 * weights in the engine's own type are neither read nor copied at load. Copied are only tensors whose offset is no
 * multiple of their element size and those that change their type. Used on libtorch's thread only.
 */
final class WeightLoader {
    private final ScriptModule module;
    private final Handles handles;
    private final Map<Mapping, IValue> mappings = new HashMap<>();

    /** A file mapped as one tensor: a file that holds several types is mapped once for each. */
    private record Mapping(Path file, ElementType type) {}

    /** @param handles owner of all values that are made here, also of those that are returned */
    WeightLoader(ScriptModule module, Handles handles) {
        this.module = module;
        this.handles = handles;
    }

    /** The tensors by name, each on the given device in the given precision, or in float32 where its plan says so. */
    Map<String, IValue> load(Checkpoint checkpoint, List<TensorSpec> wanted, Precision precision, String device) {
        Map<String, IValue> tensors = new LinkedHashMap<>();
        for (TensorSpec spec : wanted) {
            try (Handles step = handles.nested()) {
                IValue raw = step.own(raw(checkpoint.require(spec.name())));
                Precision own = spec.float32() ? Precision.FLOAT32 : precision;
                IValue placed = module.run("place", raw, step.of(device), step.of(own.scalarType()));
                tensors.put(spec.name(), handles.own(placed));
            }
        }
        return tensors;
    }

    private IValue raw(StoredTensor tensor) {
        int size = tensor.type().bytes();
        if (tensor.offset() % size != 0) {
            return new TensorCopy(module).read(tensor);
        }
        IValue mapped = mappings.computeIfAbsent(new Mapping(tensor.file(), tensor.type()), this::map);
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
