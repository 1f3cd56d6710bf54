package org.jllm.torch;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jllm.api.UnsupportedModelException;

/** Activation functions by the names of Transformers' {@code ACT2FN}; their order is known to {@code layers.py}. */
enum Activation {
    SILU("silu", "swish"),
    GELU("gelu", "gelu_python"),
    GELU_TANH("gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_accurate"),
    RELU("relu"),
    QUICK_GELU("quick_gelu"),
    RELU_SQUARED("relu2"),
    TANH("tanh");

    private final String[] names;

    Activation(String... names) {
        this.names = names;
    }

    static Activation of(String name) {
        return Arrays.stream(values())
                .filter(activation -> Arrays.asList(activation.names).contains(name))
                .findFirst()
                .orElseThrow(
                        () -> new UnsupportedModelException("unknown activation function '" + name + "': known are "
                                + Arrays.stream(values())
                                        .flatMap(known -> Stream.of(known.names))
                                        .collect(Collectors.joining(", "))));
    }
}
