package org.jllm.torch;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jllm.api.LoadOptions;
import org.jllm.api.LoraAdapter;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;

/** A model of random weights in memory, of any architecture; every weight is a float32. */
final class TinyModel {
    static final String LLAMA = "llama";
    static final String GPT2 = "gpt2";
    static final String GPT_NEOX = "gpt_neox";

    /** Python's {@code json} reads and writes NaN and Infinity. */
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    private static final Map<String, String> CONFIGS = Map.of(LLAMA, """
            {"model_type": "llama", "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 101, "max_position_embeddings": 64}""", GPT2, """
            {"model_type": "gpt2", "n_embd": 64, "n_inner": 96, "n_layer": 2, "n_head": 4, "vocab_size": 101,
             "n_positions": 64}""", GPT_NEOX, """
            {"model_type": "gpt_neox", "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2,
             "num_attention_heads": 4, "vocab_size": 101, "max_position_embeddings": 64, "rotary_pct": 0.5}""");

    private final ObjectNode config;
    private final List<TensorSpec> specs;
    private final Map<String, double[]> weights = new LinkedHashMap<>();

    private TinyModel(ObjectNode config) {
        this.config = config;
        ModelConfig read = ModelConfig.parse(config.toString(), "config.json");
        specs = Architectures.of(read).plan(read).tensors();
    }

    static TinyModel random(String architecture, long seed) {
        return random(architecture, seed, "{}");
    }

    /** @param fields of the configuration that differ, as JSON */
    static TinyModel random(String architecture, long seed, String fields) {
        try {
            ObjectNode config = (ObjectNode) JSON.readTree(CONFIGS.get(architecture));
            config.setAll((ObjectNode) JSON.readTree(fields));
            TinyModel model = new TinyModel(config);
            Random random = new Random(seed);
            for (TensorSpec spec : model.specs) {
                double mean = spec.shape().size() == 1 && spec.name().endsWith(".weight") ? 1 : 0;
                model.weights.put(spec.name(), values(random, count(spec.shape()), mean));
            }
            return model;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double[] values(Random random, int count, double mean) {
        return random.doubles(count)
                .map(value -> (float) (mean + (value - 0.5) * 0.3))
                .toArray();
    }

    static int count(List<Long> shape) {
        return (int) shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    }

    TinyModel copy() {
        TinyModel copy = new TinyModel(config.deepCopy());
        weights.forEach((name, values) -> copy.weights.put(name, values.clone()));
        return copy;
    }

    /** The same with the head and the embeddings apart, if they were tied. */
    TinyModel untied(String head, String embeddings) {
        TinyModel copy = new TinyModel(config.deepCopy().put("tie_word_embeddings", false));
        weights.forEach((name, values) -> copy.weights.put(name, values.clone()));
        copy.weights.put(head, weights.get(embeddings).clone());
        return copy;
    }

    String architecture() {
        return config.path("model_type").asText();
    }

    double[] weight(String name) {
        return weights.get(name);
    }

    List<Long> shape(String name) {
        return specs.stream()
                .filter(spec -> spec.name().equals(name))
                .findFirst()
                .orElseThrow()
                .shape();
    }

    /** Names, without {@code .weight}, of the matrices in the layers. */
    List<String> matrices() {
        return specs.stream()
                .filter(spec -> spec.shape().size() == 2 && spec.name().matches(".*\\.\\d+\\..*"))
                .map(spec -> spec.name().replaceFirst("\\.weight$", ""))
                .toList();
    }

    /** Whether a matrix is stored [inputs, outputs]: so are those in the layers of GPT-2. */
    boolean inputsFirst(String module) {
        return architecture().equals(GPT2) && module.contains(".h.");
    }

    long inputs(String module) {
        return shape(module + ".weight").get(inputsFirst(module) ? 0 : 1);
    }

    long outputs(String module) {
        return shape(module + ".weight").get(inputsFirst(module) ? 1 : 0);
    }

    /** Sets the number of a matrix that joins an input with an output. */
    void set(String module, int output, int input, double value) {
        weights.get(module + ".weight")[place(module, output, input)] = value;
    }

    double get(String module, int output, int input) {
        return weights.get(module + ".weight")[place(module, output, input)];
    }

    private int place(String module, int output, int input) {
        return inputsFirst(module) ? input * (int) outputs(module) + output : output * (int) inputs(module) + input;
    }

    TinyFile tensors() {
        TinyFile file = new TinyFile();
        weights.forEach((name, values) -> file.float32(name, values, sizes(name)));
        return file;
    }

    long[] sizes(String name) {
        return shape(name).stream().mapToLong(Long::longValue).toArray();
    }

    Path write(Path folder) {
        return write(folder, tensors(), "{}");
    }

    /** @param fields that the configuration has beside its own, as JSON */
    Path write(Path folder, TinyFile file, String fields) {
        try {
            Files.createDirectories(folder);
            ObjectNode written = config.deepCopy();
            written.setAll((ObjectNode) JSON.readTree(fields));
            Files.writeString(folder.resolve("config.json"), JSON.writeValueAsString(written));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        file.write(folder.resolve("model.safetensors"));
        return folder;
    }

    /** Logits after each of a few tokens, in float32. */
    static float[] logits(Path folder, LoraAdapter... adapters) {
        return logits(folder, "float32", adapters);
    }

    static float[] logits(Path folder, String dtype, LoraAdapter... adapters) {
        LoadOptions options =
                LoadOptions.builder().dtype(dtype).lora(adapters).threads(1).build();
        try (DecoderBackend backend = new TransformersLoader().loadDecoder(folder, options)) {
            int[] tokens = {1, 17, 42, 96, 3, 3};
            Batch batch = new Batch();
            for (int i = 0; i < tokens.length; i++) {
                batch.add(0, i, tokens[i], true);
            }
            int width = backend.capabilities().vocabularySize();
            float[] logits = new float[tokens.length * width];
            backend.open(0);
            var computed = backend.step(batch);
            float[] row = new float[width];
            for (int i = 0; i < tokens.length; i++) {
                computed.read(i, row);
                System.arraycopy(row, 0, logits, i * width, width);
            }
            return logits;
        }
    }
}
