package org.jllm.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.checkpoint.ProtoReader;

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
    private final List<GraphValue> inputs = new ArrayList<>();
    private final List<GraphValue> outputs = new ArrayList<>();
    private final TensorTable tensors;
    private final List<GraphNode> nodes = new ArrayList<>();
    private final Set<String> operators = new HashSet<>();
    private boolean found;

    private GraphReader(Path file) {
        this.file = file;
        tensors = new TensorTable(file);
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
            return new GraphReader(file).graph(new ProtoReader(bytes, file.toString(), "an ONNX graph"));
        } catch (NoSuchFileException e) {
            throw new ModelNotFoundException("there is no file " + file, e);
        } catch (IOException e) {
            throw new InvalidModelException(file + " cannot be read: " + e.getMessage(), e);
        } catch (ArithmeticException e) {
            throw new InvalidModelException(file + " is damaged: it has a tensor of more than 2^63 elements", e);
        }
    }

    /** ModelProto. */
    private Graph graph(ProtoReader model) {
        for (int field = model.nextField(); field != 0; field = model.nextField()) {
            switch (field) {
                case 7 -> content(model.message());
                case 25 -> function(model.message());
                default -> model.skip();
            }
        }
        if (!found || nodes.isEmpty()) {
            throw new InvalidModelException(file + " is no ONNX graph: it has no node");
        }
        // Old versions of the format list the tensors among the inputs.
        List<GraphValue> open = inputs.stream()
                .filter(input -> !tensors.byName().containsKey(input.name()))
                .toList();
        return new Graph(file, open, outputs, tensors.byName(), nodes, operators, tensors.externalFiles());
    }

    /** GraphProto. */
    private void content(ProtoReader graph) {
        found = true;
        for (int field = graph.nextField(); field != 0; field = graph.nextField()) {
            switch (field) {
                case 1 -> nodes.add(node(graph.message(), 0));
                case 5 -> tensors.put(graph.message());
                case 11 -> inputs.add(GraphValue.read(graph.message()));
                case 12 -> outputs.add(GraphValue.read(graph.message()));
                default -> graph.skip();
            }
        }
    }

    /** NodeProto. */
    private GraphNode node(ProtoReader node, int depth) {
        String operator = "";
        List<String> given = new ArrayList<>();
        List<String> made = new ArrayList<>();
        for (int field = node.nextField(); field != 0; field = node.nextField()) {
            switch (field) {
                case 1 -> given.add(node.string());
                case 2 -> made.add(node.string());
                case 4 -> operator = node.string();
                case 5 -> attribute(node.message(), depth);
                default -> node.skip();
            }
        }
        operators.add(operator);
        return new GraphNode(operator, given, made);
    }

    /** AttributeProto: of it only tensors, whose data may lie elsewhere, and graphs matter, which are branches. */
    private void attribute(ProtoReader attribute, int depth) {
        if (depth > DEEPEST) {
            throw attribute.damaged("branches within branches without end");
        }
        for (int field = attribute.nextField(); field != 0; field = attribute.nextField()) {
            switch (field) {
                case 5, 10 -> tensors.check(attribute.message());
                case 6, 11 -> branch(attribute.message(), depth + 1);
                default -> attribute.skip();
            }
        }
    }

    /** A GraphProto in an attribute. */
    private void branch(ProtoReader branch, int depth) {
        for (int field = branch.nextField(); field != 0; field = branch.nextField()) {
            switch (field) {
                case 1 -> node(branch.message(), depth);
                case 5 -> tensors.check(branch.message());
                default -> branch.skip();
            }
        }
    }

    /** FunctionProto. */
    private void function(ProtoReader function) {
        for (int field = function.nextField(); field != 0; field = function.nextField()) {
            switch (field) {
                case 7 -> node(function.message(), 0);
                default -> function.skip();
            }
        }
    }
}
