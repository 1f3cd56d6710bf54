package org.jllm.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter.Announced;

/** Tensors of one type that a random model will have. */
final class AnnouncedTensors {
    private final ElementType type;
    private final List<Announced> tensors = new ArrayList<>();

    AnnouncedTensors(ElementType type) {
        this.type = type;
    }

    void tensor(String name, long... shape) {
        tensors.add(new Announced(name, type, Arrays.stream(shape).boxed().toList()));
    }

    /** {@code name.weight} of shape [out, in] and {@code name.bias}. */
    void linear(String name, long out, long in) {
        tensor(name + ".weight", out, in);
        tensor(name + ".bias", out);
    }

    /** {@code name.weight} of shape [in, out] and {@code name.bias}. */
    void conv1d(String name, long in, long out) {
        tensor(name + ".weight", in, out);
        tensor(name + ".bias", out);
    }

    /** {@code name.weight} and {@code name.bias}. */
    void layerNorm(String name, long width) {
        tensor(name + ".weight", width);
        tensor(name + ".bias", width);
    }

    List<Announced> list() {
        return List.copyOf(tensors);
    }
}
