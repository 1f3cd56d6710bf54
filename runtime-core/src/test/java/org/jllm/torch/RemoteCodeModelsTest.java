package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.SafetensorsWriter;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine against slow references of the architectures that Transformers does not have, on random weights. */
class RemoteCodeModelsTest {
    private static final int VOCABULARY = 61;

    @TempDir
    private Path folder;

    private final Map<String, Number> config = new HashMap<>();

    @ParameterizedTest
    @CsvSource({"32, 4, 4, 2, 1e-6", "64, 8, 2, 1, 1e-5", "48, 6, 4, 3, 0.05", "40, 10, 3, 2, 1e-6", "24, 3, 8, 2, 1e-6"
    })
    void plamo(int hidden, int heads, int shared, int layers, double epsilon) throws IOException {
        sizes(hidden, heads, layers);
        config.put("intermediate_size", 3 * hidden / 2);
        config.put("n_shared_head", shared);
        config.put("rms_norm_eps", epsilon);
        int[] ids = ids(30);
        Map<String, float[]> weights = write("plamo");
        assertSame(new RemoteCodeReference(weights, config).plamo(ids), ids, LoadOptions.none());
    }

    @ParameterizedTest
    @CsvSource({
        "32, 4, 1, 1.0, 32, 30, 32",
        "48, 2, 2, 0.5, 64, 30, 64",
        "32, 4, 2, 1.0, 12, 22, 24",
        "32, 2, 2, 0.5, 12, 40, 48",
        "64, 8, 1, 1.0, 10, 25, 33"
    })
    void qwen(int hidden, int heads, int layers, double rotary, int trained, int length, int context)
            throws IOException {
        sizes(hidden, heads, layers);
        config.put("intermediate_size", 3 * hidden);
        config.put("kv_channels", hidden / heads);
        config.put("rotary_pct", rotary);
        config.put("rotary_emb_base", 10_000);
        config.put("seq_length", trained);
        config.put("layer_norm_epsilon", 1e-6);
        int[] ids = ids(length);
        Map<String, float[]> weights = write("qwen");
        LoadOptions options = LoadOptions.builder().context(context).build();
        assertSame(new RemoteCodeReference(weights, config).qwen(ids, context), ids, options);
    }

    @Test
    void qwenIsLongerThanItsTrainingTextsOnlyByRequest() throws IOException {
        sizes(32, 4, 1);
        config.put("intermediate_size", 64);
        config.put("kv_channels", 8);
        config.put("seq_length", 16);
        write("qwen");
        try (DecoderBackend backend = new TransformersLoader().loadDecoder(folder, LoadOptions.none())) {
            assertThat(backend.capabilities().contextLength()).isEqualTo(16);
        }
        assertThatThrownBy(() -> new TransformersLoader()
                        .loadDecoder(folder, LoadOptions.builder().context(65).build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("context 65 is more than the 64");
    }

    @ParameterizedTest
    @CsvSource({"32, 4, 2, 0.5, 512, 1e-5", "64, 4, 1, 0.25, 16, 0.05", "100, 5, 2, 1.0, 64, 1e-5"})
    void japaneseStableLmAlpha(int hidden, int heads, int layers, double rotary, int base, double epsilon)
            throws IOException {
        sizes(hidden, heads, layers);
        config.put("rotary_pct", rotary);
        config.put("rotary_emb_base", 10_000);
        config.put("rotary_scale_base", base);
        config.put("layer_norm_eps", epsilon);
        int[] ids = ids(30);
        Map<String, float[]> weights = write("japanese-stablelm-alpha");
        assertSame(new RemoteCodeReference(weights, config).japaneseStableLmAlpha(ids), ids, LoadOptions.none());
    }

    private void sizes(int hidden, int heads, int layers) {
        config.put("hidden_size", hidden);
        config.put("num_attention_heads", heads);
        config.put("num_hidden_layers", layers);
        config.put("max_position_embeddings", 64);
        config.put("vocab_size", VOCABULARY);
    }

    private static int[] ids(int length) {
        return new Random(length).ints(length, 0, VOCABULARY).toArray();
    }

    /** Random weights for what the configuration asks for. */
    private Map<String, float[]> write(String modelType) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("model_type", modelType);
        config.forEach((field, value) -> json.putPOJO(field, value));
        Files.writeString(folder.resolve("config.json"), json.toString());
        ModelConfig read = ModelConfig.read(folder);
        List<TensorSpec> specs = Architectures.of(read).plan(read).tensors();
        List<Announced> tensors = specs.stream()
                .map(spec -> new Announced(spec.name(), ElementType.F32, spec.shape()))
                .toList();
        Random random = new Random(7);
        Map<String, float[]> weights = new HashMap<>();
        try (SafetensorsWriter writer =
                new SafetensorsWriter(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"))) {
            for (TensorSpec spec : specs) {
                float[] values = values(spec, random);
                weights.put(spec.name(), values);
                ByteBuffer bytes =
                        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                writer.write(spec.name(), bytes);
            }
            writer.finish();
        }
        return weights;
    }

    private static float[] values(TensorSpec spec, Random random) {
        List<Long> shape = spec.shape();
        boolean matrix = shape.size() > 1;
        double mean = !matrix && spec.name().endsWith(".weight") ? 1 : 0;
        double deviation = matrix ? 1.3 / Math.sqrt(shape.get(1)) : 0.3;
        float[] values = new float[Math.toIntExact(shape.stream().reduce(1L, (a, b) -> a * b))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return values;
    }

    /** Prefill in two uneven parts, then one token at a time. */
    private void assertSame(double[][] expected, int[] ids, LoadOptions options) {
        try (DecoderBackend backend = new TransformersLoader().loadDecoder(folder, options)) {
            backend.open(0);
            int[] ends = {ids.length / 3, ids.length - 5, ids.length - 4, ids.length - 3, ids.length};
            int position = 0;
            for (int end : ends) {
                Batch batch = new Batch();
                for (int i = position; i < end; i++) {
                    batch.add(0, i, ids[i], true);
                }
                var logits = backend.step(batch);
                for (int row = 0; row < end - position; row++) {
                    float[] values = new float[VOCABULARY];
                    logits.read(row, values);
                    for (int id = 0; id < VOCABULARY; id++) {
                        assertThat((double) values[id])
                                .as("logit of %d after %d tokens", id, position + row + 1)
                                .isCloseTo(expected[position + row][id], within(2e-4));
                    }
                }
                position = end;
            }
        }
    }
}
