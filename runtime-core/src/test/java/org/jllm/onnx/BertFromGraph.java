package org.jllm.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter;
import org.jllm.checkpoint.SafetensorsWriter.Announced;

/**
 * Writes the BERT that a graph was exported from as a folder in Hugging Face layout, so that the same model runs on the
 * Transformers engine. Tensors that kept their names are taken as they are. The exporter transposes the matrices of linear
 * layers and gives them numbers for names; which layer one belongs to is what its product is added to: the layer's bias.
 * To run it by hand:
 * {@code mvn -q -pl runtime-core test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=org.jllm.onnx.BertFromGraph -Dexec.args=FOLDER}
 */
final class BertFromGraph {
    private final Graph graph;
    private final Map<String, ByteBuffer> tensors = new LinkedHashMap<>();
    private final Map<String, List<Long>> shapes = new HashMap<>();

    private BertFromGraph(Graph graph) {
        this.graph = graph;
    }

    /** Writes all-MiniLM as {@code FOLDER/onnx} and as {@code FOLDER/safetensors}. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path onnx = JarModel.ALL_MINILM.write(folder.resolve("onnx"));
        System.out.println("wrote " + onnx + " and " + write(onnx, folder.resolve("safetensors"), 12));
    }

    /**
     * Writes the folder.
     *
     * @param model folder with {@code onnx/model.onnx} and {@code tokenizer.json}
     * @param heads of attention, which no tensor tells
     */
    static Path write(Path model, Path folder, int heads) throws IOException {
        Graph graph = GraphReader.read(model.resolve("onnx/model.onnx"));
        BertFromGraph bert = new BertFromGraph(graph);
        bert.collect();
        Files.createDirectories(folder);
        List<Announced> announced = new ArrayList<>();
        bert.tensors
                .keySet()
                .forEach(name -> announced.add(new Announced(name, ElementType.F32, bert.shapes.get(name))));
        try (SafetensorsWriter writer =
                new SafetensorsWriter(folder.resolve("model.safetensors"), announced, Map.of("format", "pt"))) {
            for (Map.Entry<String, ByteBuffer> tensor : bert.tensors.entrySet()) {
                writer.write(tensor.getKey(), tensor.getValue());
            }
            writer.finish();
        }
        Files.writeString(folder.resolve("config.json"), bert.config(heads));
        Files.copy(
                model.resolve("tokenizer.json"), folder.resolve("tokenizer.json"), StandardCopyOption.REPLACE_EXISTING);
        return JarModel.pooled(folder, "mean");
    }

    private void collect() {
        Map<String, String> matrices = new HashMap<>();
        for (GraphNode node : graph.nodes()) {
            if (node.operator().equals("MatMul")
                    && graph.tensors().containsKey(node.inputs().get(1))) {
                matrices.put(node.outputs().get(0), node.inputs().get(1));
            }
        }
        for (GraphNode node : graph.nodes()) {
            if (node.operator().equals("Add")) {
                linear(node.inputs().get(0), node.inputs().get(1), matrices);
                linear(node.inputs().get(1), node.inputs().get(0), matrices);
            }
        }
        graph.tensors().forEach((name, tensor) -> {
            if (tensor.type().orElseThrow() == GraphType.F32 && name.matches("(embeddings|encoder)\\..*")) {
                put(name, tensor.shape(), tensor.data());
            }
        });
    }

    private void linear(String bias, String product, Map<String, String> matrices) {
        String matrix = matrices.get(product);
        if (matrix != null && bias.endsWith(".bias") && graph.tensors().containsKey(bias)) {
            GraphTensor stored = graph.tensors().get(matrix);
            int inputs = Math.toIntExact(stored.shape().get(0));
            int outputs = Math.toIntExact(stored.shape().get(1));
            ByteBuffer from = stored.data();
            ByteBuffer to = ByteBuffer.allocate(from.remaining()).order(ByteOrder.LITTLE_ENDIAN);
            for (int output = 0; output < outputs; output++) {
                for (int input = 0; input < inputs; input++) {
                    to.putFloat(from.getFloat((input * outputs + output) * Float.BYTES));
                }
            }
            String name = bias.substring(0, bias.length() - ".bias".length()) + ".weight";
            put(name, List.of((long) outputs, (long) inputs), to.flip());
        }
    }

    private void put(String name, List<Long> shape, ByteBuffer data) {
        tensors.put(name, data);
        shapes.put(name, shape);
    }

    private String config(int heads) {
        long layers = tensors.keySet().stream()
                .filter(name -> name.endsWith("attention.self.query.weight"))
                .count();
        List<Long> words = shapes.get("embeddings.word_embeddings.weight");
        return """
                {"model_type": "bert", "architectures": ["BertModel"], "hidden_act": "gelu", "layer_norm_eps": 1e-12,
                 "vocab_size": %d, "hidden_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
                 "intermediate_size": %d, "max_position_embeddings": %d, "type_vocab_size": %d, "pad_token_id": 0}
                """.formatted(
                        words.get(0),
                        words.get(1),
                        layers,
                        heads,
                        shapes.get("encoder.layer.0.intermediate.dense.weight").get(0),
                        shapes.get("embeddings.position_embeddings.weight").get(0),
                        shapes.get("embeddings.token_type_embeddings.weight").get(0));
    }
}
