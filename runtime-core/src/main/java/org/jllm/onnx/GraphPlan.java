package org.jllm.onnx;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.encoding.EncoderLabels;
import org.jllm.encoding.EncoderOutput;

/**
 * How a graph is used: what it is given, and what of its outputs is what.
 *
 * @param inputs name and type of each
 * @param outputs names of those that we know
 * @param labels of texts or tokens, where the graph has such an output and the configuration says anything of labels
 * @param sizes that bound what it is given
 * @param batch texts that it takes at once; 0: any number
 * @param length tokens that it takes of each text, padding included; 0: any number
 */
record GraphPlan(
        Graph graph,
        Map<GraphInput, GraphValue> inputs,
        Map<EncoderOutput, String> outputs,
        Optional<EncoderLabels> labels,
        GraphSizes sizes,
        int batch,
        int length) {
    private static final Set<GraphType> WHOLE_NUMBERS = Set.of(GraphType.I64, GraphType.I32);
    private static final Map<String, EncoderOutput> NAMES = Map.of(
            "last_hidden_state", EncoderOutput.HIDDEN_STATES,
            "token_embeddings", EncoderOutput.HIDDEN_STATES,
            "pooler_output", EncoderOutput.POOLED,
            "sentence_embedding", EncoderOutput.EMBEDDING,
            "prediction_logits", EncoderOutput.MASKED_LM,
            "seq_relationship_logits", EncoderOutput.SEQUENCE_RELATIONSHIP);
    private static final String LOGITS = "logits";

    /**
     * The plan for a graph.
     *
     * @throws UnsupportedModelException if it wants what we do not have, or gives nothing that we know
     * @throws org.jllm.api.InvalidModelException if the configuration is damaged
     */
    static GraphPlan of(Graph graph, ModelConfig config) {
        Map<GraphInput, GraphValue> inputs = inputs(graph);
        Map<EncoderOutput, String> outputs = outputs(graph, config);
        boolean labelled =
                outputs.containsKey(EncoderOutput.TEXT_LABELS) || outputs.containsKey(EncoderOutput.TOKEN_LABELS);
        boolean said = config.has("id2label") || config.has("num_labels");
        int batch = fixed(graph, inputs, 0);
        int length = fixed(graph, inputs, 1);
        if (batch > 1) {
            throw unsupported(graph, "takes batches of exactly " + batch + " texts: export it with an open batch size");
        }
        if (length > 0 && !inputs.containsKey(GraphInput.MASK)) {
            throw unsupported(
                    graph,
                    "takes exactly " + length
                            + " tokens and no attention_mask: export it with an open sequence length");
        }
        return new GraphPlan(
                graph,
                inputs,
                outputs,
                labelled && said ? Optional.of(EncoderLabels.read(config)) : Optional.empty(),
                GraphSizes.of(graph, inputs, config, length),
                batch,
                length);
    }

    /** The table whose rows an input chooses, if the graph has that input and such a table. */
    Optional<GraphTensor> table(GraphInput input) {
        return Optional.ofNullable(inputs.get(input)).flatMap(value -> graph.table(value.name()));
    }

    private static Map<GraphInput, GraphValue> inputs(Graph graph) {
        Map<GraphInput, GraphValue> inputs = new EnumMap<>(GraphInput.class);
        for (GraphValue value : graph.inputs()) {
            GraphInput input = GraphInput.of(value.name())
                    .orElseThrow(() -> unsupported(
                            graph,
                            "wants the input '" + value.name()
                                    + "', and an encoder of texts is given input_ids, attention_mask, token_type_ids and"
                                    + " position_ids"));
            if (value.type().filter(WHOLE_NUMBERS::contains).isEmpty()) {
                throw unsupported(
                        graph,
                        "wants " + value.name() + " as "
                                + value.type().map(GraphType::name).orElse("something of another type")
                                + " and not as I64 or I32");
            }
            if (value.shape().isPresent() && value.shape().get().size() != 2) {
                throw unsupported(
                        graph,
                        "wants " + value.name() + " with " + value.shape().get().size()
                                + " dimensions instead of 2, texts and tokens");
            }
            if (inputs.put(input, value) != null) {
                throw unsupported(graph, "has two inputs for the same: " + value.name() + " is the second");
            }
        }
        if (!inputs.containsKey(GraphInput.IDS)) {
            throw unsupported(graph, "has no input input_ids");
        }
        return inputs;
    }

    private static Map<EncoderOutput, String> outputs(Graph graph, ModelConfig config) {
        Map<EncoderOutput, String> outputs = new LinkedHashMap<>();
        for (GraphValue value : graph.outputs()) {
            EncoderOutput output = value.name().equals(LOGITS) ? logits(value, config) : NAMES.get(value.name());
            if (output != null) {
                outputs.putIfAbsent(output, value.name());
            }
        }
        if (outputs.isEmpty()) {
            throw unsupported(
                    graph,
                    "gives "
                            + graph.outputs().stream().map(GraphValue::name).collect(Collectors.joining(", "))
                            + ", and of an encoder we know last_hidden_state, token_embeddings, sentence_embedding,"
                            + " pooler_output and logits");
        }
        return outputs;
    }

    /** What logits are is said by the class of the configuration, else by their dimensions. */
    private static EncoderOutput logits(GraphValue value, ModelConfig config) {
        List<String> classes = config.strings("architectures");
        int dimensions = value.shape().map(List::size).orElse(0);
        if (classes.stream().anyMatch(name -> name.endsWith("ForSequenceClassification"))) {
            return EncoderOutput.TEXT_LABELS;
        }
        if (classes.stream().anyMatch(name -> name.endsWith("ForTokenClassification"))) {
            return EncoderOutput.TOKEN_LABELS;
        }
        return dimensions == 2 ? EncoderOutput.TEXT_LABELS : EncoderOutput.MASKED_LM;
    }

    private static int fixed(Graph graph, Map<GraphInput, GraphValue> inputs, int dimension) {
        int fixed = 0;
        for (GraphValue input : inputs.values()) {
            int length = Math.toIntExact(Math.min(input.fixed(dimension).orElse(0L), Integer.MAX_VALUE));
            if (length > 0 && fixed > 0 && length != fixed) {
                throw unsupported(graph, "wants inputs of " + fixed + " and " + length + " at once");
            }
            fixed = Math.max(fixed, length);
        }
        return fixed;
    }

    private static UnsupportedModelException unsupported(Graph graph, String what) {
        return new UnsupportedModelException(graph.file() + " cannot be used: the graph " + what);
    }
}
