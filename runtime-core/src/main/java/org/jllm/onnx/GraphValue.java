package org.jllm.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jllm.checkpoint.ProtoReader;

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

    /** Reads a ValueInfoProto. */
    static GraphValue read(ProtoReader value) {
        String name = "";
        GraphValue found = new GraphValue("", Optional.empty(), Optional.empty());
        for (int field = value.nextField(); field != 0; field = value.nextField()) {
            switch (field) {
                case 1 -> name = value.string();
                case 2 -> found = type(value.message());
                default -> value.skip();
            }
        }
        return new GraphValue(name, found.type, found.shape);
    }

    /** TypeProto: of its forms only the tensor matters. */
    private static GraphValue type(ProtoReader form) {
        GraphValue found = new GraphValue("", Optional.empty(), Optional.empty());
        for (int field = form.nextField(); field != 0; field = form.nextField()) {
            switch (field) {
                case 1 -> found = tensor(form.message());
                default -> form.skip();
            }
        }
        return found;
    }

    /** TypeProto.Tensor. */
    private static GraphValue tensor(ProtoReader tensor) {
        Optional<GraphType> type = Optional.empty();
        Optional<List<Long>> shape = Optional.empty();
        for (int field = tensor.nextField(); field != 0; field = tensor.nextField()) {
            switch (field) {
                case 1 -> type = GraphType.of(tensor.int64());
                case 2 -> shape = Optional.of(shape(tensor.message()));
                default -> tensor.skip();
            }
        }
        return new GraphValue("", type, shape);
    }

    /** TensorShapeProto. */
    private static List<Long> shape(ProtoReader shape) {
        List<Long> lengths = new ArrayList<>();
        for (int field = shape.nextField(); field != 0; field = shape.nextField()) {
            switch (field) {
                case 1 -> lengths.add(dimension(shape.message()));
                default -> shape.skip();
            }
        }
        return lengths;
    }

    private static long dimension(ProtoReader dimension) {
        long length = OPEN;
        for (int field = dimension.nextField(); field != 0; field = dimension.nextField()) {
            switch (field) {
                case 1 -> {
                    long said = dimension.int64();
                    length = said > 0 ? said : OPEN;
                }
                default -> dimension.skip();
            }
        }
        return length;
    }
}
