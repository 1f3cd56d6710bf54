package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jllm.checkpoint.Checkpoint;
import org.jllm.checkpoint.StoredTensor;
import org.jllm.checkpoint.TensorReader;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Golden models with numbers 200 times larger than the rest: outputs of matrices, and with them inputs of the matrices that
 * follow, whose numbers for these inputs are as much smaller; and the embeddings of tokens. One step for a whole matrix, or
 * for all that goes in at once, rounds the rest to nothing.
 */
class OutliersTest {
    private static final float FACTOR = 200;

    @TempDir
    private Path folder;

    /** A model, and its pairs of matrices of which the second takes what the first gives. */
    enum Model {
        LLAMA(
                "llama_mha",
                "model.embed_tokens.weight",
                false,
                pair("self_attn.v_proj", "self_attn.o_proj"),
                pair("mlp.up_proj", "mlp.down_proj")),
        GPT_NEOX(
                "gptneox_parallel_pct025_gelu",
                "gpt_neox.embed_in.weight",
                false,
                pair("mlp.dense_h_to_4h", "mlp.dense_4h_to_h")),
        GPT2("gpt2_default", "wte.weight", true, pair("mlp.c_fc", "mlp.c_proj")),
        BERT(
                "bert_model_pooler",
                "embeddings.word_embeddings.weight",
                false,
                pair("attention.self.value", "attention.output.dense"),
                pair("intermediate.dense", "output.dense"));

        private final String golden;
        private final String embeddings;
        private final boolean inputsFirst;
        private final List<Map.Entry<String, String>> pairs;

        @SafeVarargs
        Model(String golden, String embeddings, boolean inputsFirst, Map.Entry<String, String>... pairs) {
            this.golden = golden;
            this.embeddings = embeddings;
            this.inputsFirst = inputsFirst;
            this.pairs = List.of(pairs);
        }

        private static Map.Entry<String, String> pair(String first, String second) {
            return Map.entry(first, second);
        }
    }

    /** Numbers of a checkpoint that can be changed. */
    private record Weights(Map<String, double[]> values, Map<String, long[]> shapes) {
        static Weights of(Path model) {
            Weights weights = new Weights(new LinkedHashMap<>(), new HashMap<>());
            for (StoredTensor tensor : Checkpoint.open(model).tensors().values()) {
                double[] values = new double[(int) tensor.elements()];
                int[] at = {0};
                new TensorReader().read(tensor, bytes -> {
                    FloatBuffer floats = bytes.asFloatBuffer();
                    while (floats.hasRemaining()) {
                        values[at[0]++] = floats.get();
                    }
                });
                weights.values.put(tensor.name(), values);
                weights.shapes.put(
                        tensor.name(),
                        tensor.shape().stream().mapToLong(Long::longValue).toArray());
            }
            return weights;
        }

        /** Multiplies every number whose index in a dimension is one of three. */
        void multiply(String name, int dimension, double factor) {
            long[] shape = shapes.get(name);
            double[] numbers = values.get(name);
            long inner = dimension == 0 && shape.length == 2 ? shape[1] : 1;
            long size = shape[dimension];
            for (int i = 0; i < numbers.length; i++) {
                if (List.of(3L, 5L, 12L).contains(i / inner % size)) {
                    numbers[i] *= factor;
                }
            }
        }

        void round(String name) {
            double[] numbers = values.get(name);
            double step = IntStream.range(0, numbers.length)
                            .mapToDouble(i -> Math.abs(numbers[i]))
                            .max()
                            .orElseThrow()
                    / 127;
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Math.rint(numbers[i] / step) * step;
            }
        }

        List<String> ending(String end) {
            return values.keySet().stream()
                    .filter(name -> name.endsWith("." + end))
                    .filter(name -> !end.equals("output.dense.weight") || !name.contains("attention"))
                    .toList();
        }

        void write(Path model) {
            TinyFile file = new TinyFile();
            values.forEach((name, numbers) -> file.float32(name, numbers, shapes.get(name)));
            file.write(model.resolve("model.safetensors"));
        }
    }

    private Path write(Model model, String name, Consumer<Weights> change) throws IOException {
        Path to = GoldenModel.copy(model.golden, folder.resolve(name));
        Weights weights = Weights.of(to);
        model.pairs.forEach(pair -> {
            int outputs = model.inputsFirst ? 1 : 0;
            weights.ending(pair.getKey() + ".weight").forEach(first -> weights.multiply(first, outputs, FACTOR));
            weights.ending(pair.getKey() + ".bias").forEach(first -> weights.multiply(first, 0, FACTOR));
            weights.ending(pair.getValue() + ".weight")
                    .forEach(second -> weights.multiply(second, 1 - outputs, 1 / FACTOR));
        });
        weights.values.keySet().stream()
                .filter(found -> found.endsWith(model.embeddings))
                .forEach(embeddings -> weights.multiply(embeddings, 0, FACTOR));
        change.accept(weights);
        Files.delete(to.resolve("model.safetensors"));
        weights.write(to);
        return to;
    }

    @ParameterizedTest
    @EnumSource
    void staysCloseWhereOneStepForAMatrixDoesNot(Model model) throws IOException {
        Path spiky = write(model, "spiky", weights -> {});
        Path naive = write(
                model,
                "naive",
                weights -> model.pairs.stream()
                        .flatMap(pair -> Stream.of(pair.getKey(), pair.getValue()))
                        .flatMap(end -> weights.ending(end + ".weight").stream())
                        .forEach(weights::round));
        List<float[]> exact = QuantizedRun.outputs(spiky, "float32", "none");
        List<float[]> int8 = QuantizedRun.outputs(spiky, "float32", "int8");
        List<float[]> spoilt = QuantizedRun.outputs(naive, "float32", "none");
        assertThat(QuantizedRun.distance(exact, spoilt)).isGreaterThan(0.1);
        assertThat(QuantizedRun.distance(exact, int8)).isLessThan(0.05);
        if (model != Model.BERT) {
            assertThat(QuantizedRun.divergence(exact, spoilt)).isGreaterThan(1);
            assertThat(QuantizedRun.divergence(exact, int8)).isLessThan(0.01);
        }
    }

    /** With tokens of large and of small embeddings beside each other in one batch of two slots; alone is a row a step. */
    @ParameterizedTest
    @EnumSource(names = "BERT", mode = EnumSource.Mode.EXCLUDE)
    void rowsInCompanyAreTheSameAsAlone(Model model) throws IOException {
        Path spiky = write(model, "spiky", weights -> {});
        int[][] texts = {{3, 5, 12, 3, 5}, {17, 42, 55, 8, 23}};
        try (DecoderBackend decoder =
                new TransformersLoader().loadDecoder(spiky, QuantizedRun.options("float32", "int8"))) {
            List<float[]> alone = new ArrayList<>();
            Batch together = new Batch();
            for (int slot = 0; slot < texts.length; slot++) {
                decoder.open(slot);
                for (int i = 0; i < texts[slot].length; i++) {
                    Batch single = new Batch();
                    single.add(slot, i, texts[slot][i], true);
                    alone.add(row(decoder, decoder.step(single), 0));
                    together.add(slot, i, texts[slot][i], true);
                }
                decoder.close(slot);
            }
            decoder.open(0);
            decoder.open(1);
            Logits logits = decoder.step(together);
            for (int i = 0; i < alone.size(); i++) {
                assertThat(QuantizedRun.distance(List.of(alone.get(i)), List.of(row(decoder, logits, i))))
                        .as("row %d", i)
                        .isLessThan(1e-5);
            }
        }
    }

    private static float[] row(DecoderBackend decoder, Logits logits, int row) {
        float[] values = new float[decoder.capabilities().vocabularySize()];
        logits.read(row, values);
        return values;
    }
}
