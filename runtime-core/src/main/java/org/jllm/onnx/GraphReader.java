package org.jllm.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;

/**
 * Reads {@code .onnx} files as far as loading them needs. The numbers of fields are those of {@code onnx.proto}, which is
 * named at each.
 */
final class GraphReader {
    /** The format keeps a graph below that. */
    private static final long MOST_BYTES = Integer.MAX_VALUE;

    /** Branches within branches. */
    private static final int DEEPEST = 32;

    private final Path file;
    private final ExternalData external;
    private final List<GraphValue> inputs = new ArrayList<>();
    private final List<GraphValue> outputs = new ArrayList<>();
    private final Map<String, GraphTensor> tensors = new HashMap<>();
    private final List<GraphNode> nodes = new ArrayList<>();
    private final Set<String> operators = new HashSet<>();
    private boolean found;

    private GraphReader(Path file) {
        this.file = file;
        external = new ExternalData(file);
    }

    /**
     * Reads a file.
     *
     * @throws ModelNotFoundException if there is no such file
     * @throws InvalidModelException if it is damaged, or the files with its data are
     */
    static Graph read(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > MOST_BYTES) {
                throw new InvalidModelException(file + " has " + channel.size()
                        + " bytes: a graph of more than 2 GiB keeps its tensors in a file beside it");
            }
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return new GraphReader(file).graph(new ProtoMessage(file.toString(), bytes));
        } catch (NoSuchFileException e) {
            throw new ModelNotFoundException("there is no file " + file, e);
        } catch (IOException e) {
            throw new InvalidModelException(file + " cannot be read: " + e.getMessage(), e);
        } catch (ArithmeticException e) {
            throw new InvalidModelException(file + " is damaged: it has a tensor of more than 2^63 elements", e);
        }
    }

    /** ModelProto. */
    private Graph graph(ProtoMessage model) {
        while (model.next()) {
            switch (model.field()) {
                case 7 -> content(model.message());
                case 25 -> function(model.message());
                default -> {}
            }
        }
        if (!found || nodes.isEmpty()) {
            throw new InvalidModelException(file + " is no ONNX graph: it has no node");
        }
        // Old versions of the format list the tensors among the inputs.
        List<GraphValue> open = inputs.stream()
                .filter(input -> !tensors.containsKey(input.name()))
                .toList();
        return new Graph(file, open, outputs, tensors, nodes, operators, external.files());
    }

    /** GraphProto. */
    private void content(ProtoMessage graph) {
        found = true;
        while (graph.next()) {
            switch (graph.field()) {
                case 1 -> nodes.add(node(graph.message(), 0));
                case 5 -> tensor(graph.message());
                case 11 -> inputs.add(value(graph.message()));
                case 12 -> outputs.add(value(graph.message()));
                default -> {}
            }
        }
    }

    /** NodeProto. */
    private GraphNode node(ProtoMessage node, int depth) {
        String operator = "";
        List<String> given = new ArrayList<>();
        List<String> made = new ArrayList<>();
        while (node.next()) {
            switch (node.field()) {
                case 1 -> given.add(node.text());
                case 2 -> made.add(node.text());
                case 4 -> operator = node.text();
                case 5 -> attribute(node.message(), depth);
                default -> {}
            }
        }
        operators.add(operator);
        return new GraphNode(operator, given, made);
    }

    /** AttributeProto: only the graphs in it matter, which are branches. */
    private void attribute(ProtoMessage attribute, int depth) {
        if (depth > DEEPEST) {
            throw attribute.damaged("branches within branches without end");
        }
        while (attribute.next()) {
            if (attribute.field() == 6 || attribute.field() == 11) {
                ProtoMessage branch = attribute.message();
                while (branch.next()) {
                    if (branch.field() == 1) {
                        node(branch.message(), depth + 1);
                    }
                }
            }
        }
    }

    /** FunctionProto. */
    private void function(ProtoMessage function) {
        while (function.next()) {
            if (function.field() == 7) {
                node(function.message(), 0);
            }
        }
    }

    /** TensorProto. */
    private void tensor(ProtoMessage tensor) {
        String name = "";
        Optional<GraphType> type = Optional.empty();
        List<Long> shape = new ArrayList<>();
        Optional<ByteBuffer> data = Optional.empty();
        Map<String, String> location = new HashMap<>();
        long listed = 0;
        boolean elsewhere = false;
        while (tensor.next()) {
            switch (tensor.field()) {
                case 1 -> {
                    for (long length : tensor.numbers()) {
                        shape.add(length);
                    }
                }
                case 2 -> type = GraphType.of(tensor.number());
                case 4, 5, 7, 10, 11 -> listed++;
                case 8 -> name = tensor.text();
                case 9 -> data = Optional.of(tensor.bytes());
                case 13 -> entry(tensor.message(), location);
                case 14 -> elsewhere = tensor.number() == 1;
                default -> {}
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
        } else if (listed == 0
                && type.isPresent()
                && data.map(ByteBuffer::remaining).orElse(0) != expected) {
            throw tensor.damaged("a tensor " + name + " of the shape " + shape + " and "
                    + data.map(ByteBuffer::remaining).orElse(0) + " bytes instead of " + expected);
        }
        tensors.put(name, new GraphTensor(type, shape, data.orElse(null), expected));
    }

    /** StringStringEntryProto. */
    private static void entry(ProtoMessage entry, Map<String, String> entries) {
        String key = "";
        String value = "";
        while (entry.next()) {
            switch (entry.field()) {
                case 1 -> key = entry.text();
                case 2 -> value = entry.text();
                default -> {}
            }
        }
        entries.put(key, value);
    }

    /** ValueInfoProto, and in it TypeProto, TypeProto.Tensor and TensorShapeProto. */
    private static GraphValue value(ProtoMessage value) {
        String name = "";
        Optional<GraphType> type = Optional.empty();
        Optional<List<Long>> shape = Optional.empty();
        while (value.next()) {
            if (value.field() == 1) {
                name = value.text();
            } else if (value.field() == 2) {
                ProtoMessage kind = value.message();
                while (kind.next()) {
                    if (kind.field() == 1) {
                        ProtoMessage tensor = kind.message();
                        while (tensor.next()) {
                            switch (tensor.field()) {
                                case 1 -> type = GraphType.of(tensor.number());
                                case 2 -> shape = Optional.of(shape(tensor.message()));
                                default -> {}
                            }
                        }
                    }
                }
            }
        }
        return new GraphValue(name, type, shape);
    }

    private static List<Long> shape(ProtoMessage shape) {
        List<Long> lengths = new ArrayList<>();
        while (shape.next()) {
            if (shape.field() == 1) {
                long length = GraphValue.OPEN;
                ProtoMessage dimension = shape.message();
                while (dimension.next()) {
                    if (dimension.field() == 1 && dimension.number() > 0) {
                        length = dimension.number();
                    }
                }
                lengths.add(length);
            }
        }
        return lengths;
    }
}
