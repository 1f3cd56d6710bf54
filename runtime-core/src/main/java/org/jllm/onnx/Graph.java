package org.jllm.onnx;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a graph's file says, without anything native having seen it.
 *
 * @param inputs that have to be given
 * @param tensors that the graph holds, by name
 * @param nodes of the graph itself
 * @param operators of all nodes, those in branches and functions too
 * @param externalFiles beside it, which hold the data of tensors
 */
record Graph(
        Path file,
        List<GraphValue> inputs,
        List<GraphValue> outputs,
        Map<String, GraphTensor> tensors,
        List<GraphNode> nodes,
        Set<String> operators,
        Set<Path> externalFiles) {
    /** Operators that pass on the rows that they get. */
    private static final Set<String> PASSING = Set.of("Cast", "Identity", "DequantizeLinear");

    /**
     * An operator that chooses rows of a table.
     *
     * @param ids place of the ids among its inputs
     * @param table place of the table
     */
    private record LookUp(String operator, int ids, int table) {
        @Nullable
        GraphTensor table(GraphNode node, Set<String> names, Map<String, GraphTensor> tables) {
            List<String> given = node.inputs();
            return operator.equals(node.operator())
                            && given.size() > Math.max(ids, table)
                            && names.contains(given.get(ids))
                    ? tables.get(given.get(table))
                    : null;
        }
    }

    private static final List<LookUp> LOOK_UPS = List.of(
            new LookUp("Gather", 1, 0),
            new LookUp("GatherBlockQuantized", 1, 0),
            // Words and token types in one.
            new LookUp("EmbedLayerNormalization", 0, 2),
            new LookUp("EmbedLayerNormalization", 1, 4));

    /** They choose one scale for all rows that they see, so that a text's numbers depend on its company. */
    private static final Set<String> SCALED_TOGETHER =
            Set.of("DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM");

    Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        tensors = Map.copyOf(tensors);
        nodes = List.copyOf(nodes);
        operators = Set.copyOf(operators);
        externalFiles = Set.copyOf(externalFiles);
    }

    /** Whether the numbers of a text depend on what else is in its batch. */
    boolean mixesTexts() {
        return operators.stream().anyMatch(SCALED_TOGETHER::contains);
    }

    /** The table whose rows an input of ids chooses; empty if there is none that is easily found. */
    Optional<GraphTensor> table(String input) {
        Set<String> names = new HashSet<>(Set.of(input));
        Map<String, GraphTensor> tables = new HashMap<>(tensors);
        for (GraphNode node : nodes) {
            List<String> given = node.inputs();
            String first = given.isEmpty() ? "" : given.get(0);
            GraphTensor table = tables.get(first);
            for (LookUp lookUp : LOOK_UPS) {
                GraphTensor rows = lookUp.table(node, names, tables);
                if (rows != null && rows.shape().size() == 2) {
                    return Optional.of(rows);
                }
            }
            if (PASSING.contains(node.operator()) && table != null) {
                node.outputs().forEach(output -> tables.put(output, table));
            } else if (PASSING.contains(node.operator()) && names.contains(first)) {
                names.addAll(node.outputs());
            }
        }
        return Optional.empty();
    }

    /** The type that most bytes of its tensors are stored in; float32 if it holds none. */
    GraphType storedType() {
        return tensors.values().stream()
                .filter(tensor -> tensor.type().isPresent())
                .collect(Collectors.groupingBy(
                        tensor -> tensor.type().orElseThrow(), Collectors.summingLong(GraphTensor::bytes)))
                .entrySet()
                .stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(GraphType.F32);
    }

    /** Bytes of all its tensors. */
    long bytes() {
        return tensors.values().stream().mapToLong(GraphTensor::bytes).sum();
    }
}
