package org.jllm.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a graph of an encoder may want to be given, by the names that exporters use. */
enum GraphInput {
    IDS("input_ids", "input"),
    MASK("attention_mask", "input_mask"),
    TYPES("token_type_ids", "segment_ids"),
    POSITIONS("position_ids");

    private final List<String> names;

    GraphInput(String... names) {
        this.names = List.of(names);
    }

    static Optional<GraphInput> of(String name) {
        return Arrays.stream(values())
                .filter(input -> input.names.contains(name))
                .findFirst();
    }
}
