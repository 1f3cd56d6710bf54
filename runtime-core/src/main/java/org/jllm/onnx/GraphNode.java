package org.jllm.onnx;

import java.util.List;

/**
 * A node of a graph.
 *
 * @param inputs names of tensors; an empty one stands for an input that is not given
 */
record GraphNode(String operator, List<String> inputs, List<String> outputs) {
    GraphNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
