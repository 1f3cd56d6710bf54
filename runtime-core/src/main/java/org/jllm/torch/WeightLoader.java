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
 * weights in the engine's own type are neither read nor copied at load. Copied are only tensors that the file has
 * compressed, out of row order, or at no multiple of their element size, and those that change their type. A tensor that
 * has several names is there once. Used on libtorch's thread only.
 */
final class WeightLoader {
    private final ScriptModule module;
    private final Handles handles;
    private final TensorCopy copy;
    private final Map<Mapping, IValue> mappings = new HashMap<>();

    /** A file mapped as one tensor: a file that holds several types is mapped once for each. */
    private record Mapping(Path file, ElementType type) {}

    /** Bytes of a checkpoint, whatever their name, in a type of the engine. */
    private record Placed(StoredTensor place, Precision precision) {}

    /** @param handles owner of all values that are made here, also of those that are returned */
    WeightLoader(ScriptModule module, Handles handles) {
        this.module = module;
        this.handles = handles;
        copy = new TensorCopy(module);
    }

    /** The tensors by name, each on the given device in the given precision, or in float32 where its plan says so. */
    Map<String, IValue> load(Checkpoint checkpoint, List<TensorSpec> wanted, Precision precision, String device) {
        Map<Placed, IValue> placed = new HashMap<>();
        Map<String, IValue> tensors = new LinkedHashMap<>();
        for (TensorSpec spec : wanted) {
            Precision own = spec.float32() ? Precision.FLOAT32 : precision;
            StoredTensor stored = checkpoint.require(spec.name());
            tensors.put(spec.name(), placed.computeIfAbsent(new Placed(stored.named(""), own), place -> {
                try (Handles step = handles.nested()) {
                    IValue raw = step.own(raw(stored));
                    return handles.own(module.run("place", raw, step.of(device), step.of(own.scalarType())));
                }
            }));
        }
        return tensors;
    }

    private IValue raw(StoredTensor tensor) {
        if (!tensor.isMappable()) {
            return copy.read(tensor);
        }
        IValue mapped = mappings.computeIfAbsent(new Mapping(tensor.file(), tensor.type()), this::map);
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
