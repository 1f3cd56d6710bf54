package org.jllm.onnx;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jllm.checkpoint.ModelConfig;

/**
 * What bounds the inputs of a graph: the tables that it looks them up in, and where they are not easily found the
 * configuration.
 *
 * @param vocabulary ids are below this
 * @param types token types are below this
 * @param positions given positions are below this; 0: the graph takes none
 * @param context most tokens of a text
 * @param paddingId the id that fills up shorter texts
 * @param firstPosition position of the first token where positions are not given
 */
record GraphSizes(int vocabulary, int types, int positions, int context, int paddingId, int firstPosition) {
    private static final int MOST = 1 << 30;
    private static final int USUAL_CONTEXT = 512;

    /** Their positions begin after the padding id's number. */
    private static final Set<String> POSITIONS_AFTER_PADDING =
            Set.of("roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "mpnet", "luke");

    /** @param length tokens that the graph takes of each text; 0: any number */
    static GraphSizes of(Graph graph, Map<GraphInput, GraphValue> inputs, ModelConfig config, int length) {
        int padding = config.intOr("pad_token_id", 0, -1, MOST);
        boolean after = POSITIONS_AFTER_PADDING.contains(config.stringOr("model_type", ""));
        int first = after ? Math.max(padding, 0) + 1 : 0;
        int vocabulary = rows(graph, inputs, GraphInput.IDS).orElse(config.intOr("vocab_size", MOST, 1, MOST));
        int types = inputs.containsKey(GraphInput.TYPES)
                ? rows(graph, inputs, GraphInput.TYPES).orElse(config.intOr("type_vocab_size", 2, 1, MOST))
                : 1;
        Optional<Integer> positionTable =
                rows(graph, inputs, GraphInput.POSITIONS).or(() -> positionRows(graph));
        int table = config.intOr("max_position_embeddings", positionTable.orElse(0), -1, MOST);
        int positions = inputs.containsKey(GraphInput.POSITIONS) ? positionTable.orElse(table > 0 ? table : MOST) : 0;
        int context = table > first ? table - first : USUAL_CONTEXT;
        return new GraphSizes(
                vocabulary,
                types,
                positions,
                length > 0 ? Math.min(length, context) : context,
                Math.max(0, Math.min(padding, vocabulary - 1)),
                first);
    }

    private static Optional<Integer> rows(Graph graph, Map<GraphInput, GraphValue> inputs, GraphInput input) {
        return Optional.ofNullable(inputs.get(input))
                .flatMap(value -> graph.table(value.name()))
                .map(GraphSizes::rows);
    }

    private static int rows(GraphTensor table) {
        return (int) Math.min(MOST, table.shape().get(0));
    }

    private static Optional<Integer> positionRows(Graph graph) {
        return graph.tensors().entrySet().stream()
                .filter(entry -> entry.getKey().contains("position_embeddings.weight")
                        && entry.getValue().shape().size() == 2)
                .map(entry -> rows(entry.getValue()))
                .findFirst();
    }
}
