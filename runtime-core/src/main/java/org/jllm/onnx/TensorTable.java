package org.jllm.onnx;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jllm.checkpoint.ProtoReader;

/** The tensors that a graph holds, each with as many bytes as its shape needs, in the file or in another beside it. */
final class TensorTable {
    private final Map<String, GraphTensor> tensors = new HashMap<>();
    private final ExternalData external;

    /** @param graph its file */
    TensorTable(Path graph) {
        external = new ExternalData(graph);
    }

    Map<String, GraphTensor> byName() {
        return tensors;
    }

    /** The files beside the graph that hold data. */
    Set<Path> externalFiles() {
        return external.files();
    }

    /** Adds a tensor of the graph. */
    void put(ProtoReader tensor) {
        Map.Entry<String, GraphTensor> read = read(tensor);
        tensors.put(read.getKey(), read.getValue());
    }

    /** Looks whether a tensor that stands elsewhere in the file has its data. */
    void check(ProtoReader tensor) {
        read(tensor);
    }

    /** TensorProto. */
    private Map.Entry<String, GraphTensor> read(ProtoReader tensor) {
        String name = "";
        Optional<GraphType> type = Optional.empty();
        List<Long> shape = new ArrayList<>();
        Optional<ByteBuffer> data = Optional.empty();
        Map<String, String> location = new HashMap<>();
        boolean listed = false;
        boolean elsewhere = false;
        for (int field = tensor.nextField(); field != 0; field = tensor.nextField()) {
            switch (field) {
                case 1 -> {
                    for (long length : tensor.int64s()) {
                        shape.add(length);
                    }
                }
                case 2 -> type = GraphType.of(tensor.int64());
                case 4, 5, 7, 10, 11 -> {
                    listed = true;
                    tensor.skip();
                }
                case 8 -> name = tensor.string();
                case 9 -> data = Optional.of(tensor.content());
                case 13 -> entry(tensor.message(), location);
                case 14 -> elsewhere = tensor.int64() == 1;
                default -> tensor.skip();
            }
        }
        if (shape.stream().anyMatch(length -> length < 0)) {
            throw tensor.damaged("a tensor " + name + " of the shape " + shape);
        }
        GraphTensor read = new GraphTensor(type, shape, data.orElse(null), 0);
        long expected = type.map(known -> Math.multiplyExact(read.elements(), known.bytes()))
                .orElse(0L);
        if (elsewhere) {
            external.check(name, location, type.isPresent() ? expected : -1);
        } else if (!listed
                && type.isPresent()
                && data.map(ByteBuffer::remaining).orElse(0) != expected) {
            throw tensor.damaged("a tensor " + name + " of the shape " + shape + " and "
                    + data.map(ByteBuffer::remaining).orElse(0) + " bytes instead of " + expected);
        }
        return Map.entry(name, new GraphTensor(type, shape, data.orElse(null), expected));
    }

    /** StringStringEntryProto. */
    private static void entry(ProtoReader entry, Map<String, String> entries) {
        String key = "";
        String value = "";
        for (int field = entry.nextField(); field != 0; field = entry.nextField()) {
            switch (field) {
                case 1 -> key = entry.string();
                case 2 -> value = entry.string();
                default -> entry.skip();
            }
        }
        entries.put(key, value);
    }
}
