package org.jllm.onnx;

import java.util.List;
import java.util.Optional;

/**
 * An input or an output of a graph.
 *
 * @param type of its elements; empty if it is no tensor, or one of another type
 * @param shape the lengths of its dimensions, −1 where they are open; empty if the graph does not say
 */
record GraphValue(String name, Optional<GraphType> type, Optional<List<Long>> shape) {
    static final long OPEN = -1;

    /** A dimension's length, if the graph fixes it. */
    Optional<Long> fixed(int dimension) {
        return shape.filter(lengths -> dimension < lengths.size())
                .map(lengths -> lengths.get(dimension))
                .filter(length -> length != OPEN);
    }
}
