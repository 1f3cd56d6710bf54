package org.jllm.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jllm.Jllm;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.JllmException;
import org.jllm.api.LoadOptions;
import org.jllm.checkpoint.ElementType;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.jllm.checkpoint.TorchSave;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders of sentence-transformers, against the vectors of sentence-transformers 6.0.1. */
class SentenceFolderTest {
    private static final double TOLERANCE = 1e-5;

    private final Jllm jllm = Jllm.builder().withoutUserSettings().build();

    @TempDir
    Path folder;

    private EmbeddingModel open(Path model) {
        return jllm.loadEmbeddingModel(model.toString(), LoadOptions.ofDtype("float32"));
    }

    @TestFactory
    Stream<DynamicTest> vectorsAreThoseOfTheReference() throws IOException {
        JsonNode all = TinyEncoder.expectations();
        List<EmbeddingInput.Text> texts = new ArrayList<>();
        all.path("texts").forEach(text -> texts.add(new EmbeddingInput.Text(text.textValue())));
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode each : all.path("sentence_transformers")) {
            tests.add(DynamicTest.dynamicTest(each.path("name").textValue(), () -> check(each, texts)));
        }
        return tests.stream();
    }

    private void check(JsonNode expected, List<EmbeddingInput.Text> texts) throws IOException {
        Path model = TinyEncoder.write(
                folder.resolve(expected.path("name").textValue().replace(' ', '_')),
                expected.path("golden").textValue());
        for (Map.Entry<String, JsonNode> file : expected.path("files").properties()) {
            TinyEncoder.writeJson(model, file.getKey(), file.getValue());
        }
        for (Map.Entry<String, JsonNode> layer : expected.path("weights").properties()) {
            TinyEncoder.writeTensors(
                    model.resolve(layer.getKey()).resolve("model.safetensors"), tensors(layer.getValue()));
        }
        EmbeddingOptions options = EmbeddingOptions.defaults()
                .withPrompt(expected.path("encode").path("prompt").textValue())
                .withPromptName(expected.path("encode").path("prompt_name").textValue());
        try (EmbeddingModel opened = open(model)) {
            List<Embedding> embeddings = opened.embed(texts, options);
            for (int i = 0; i < texts.size(); i++) {
                assertClose(embeddings.get(i).vector(), expected.path("vectors").get(i));
                assertClose(
                        opened.embed(List.of(texts.get(i)), options).get(0).vector(),
                        expected.path("vectors").get(i));
            }
            assertThat(opened.dimensions())
                    .isEqualTo(expected.path("vectors").get(0).size());
        }
    }

    private static Map<Announced, float[]> tensors(JsonNode layer) {
        Map<Announced, float[]> tensors = new LinkedHashMap<>();
        layer.properties().forEach(tensor -> {
            List<Long> shape = new ArrayList<>();
            tensor.getValue().path("shape").forEach(size -> shape.add(size.longValue()));
            int count = shape.stream().mapToInt(Long::intValue).reduce(1, (a, b) -> a * b);
            tensors.put(
                    new Announced(tensor.getKey(), ElementType.F32, shape),
                    TinyEncoder.wave(count, tensor.getValue().path("shift").doubleValue()));
        });
        return tensors;
    }

    static void assertClose(float[] actual, JsonNode expected) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected.get(i).doubleValue(), within(TOLERANCE));
        }
    }

    private Path pooled(String pooling) throws IOException {
        return TinyEncoder.writeSentenceFolder(folder.resolve("model"), "bert_mlm", pooling);
    }

    /** A dense layer in PyTorch's format, behind a transformer in a folder of its own. */
    @Test
    void olderFoldersHaveTheEncoderInAFolder() throws IOException {
        Path model = Files.createDirectories(folder.resolve("old"));
        TinyEncoder.write(model.resolve("0_BERT"), "bert_mlm");
        Files.writeString(model.resolve("modules.json"), """
                [{"idx": 0, "name": "0", "path": "0_BERT", "type": "sentence_transformers.models.BERT.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"}]
                """);
        Files.createDirectories(model.resolve("1_Pooling"));
        Files.writeString(model.resolve("1_Pooling/config.json"), "{}");
        Path dense = Files.createDirectories(model.resolve("2_Dense"));
        Files.writeString(dense.resolve("config.json"), """
                {"in_features": 32, "out_features": 2, "bias": false,
                 "activation_function": "torch.nn.modules.linear.Identity"}
                """);
        float[] weight = new float[64];
        weight[3] = 2;
        weight[32 + 5] = -1;
        TorchSave saved = new TorchSave()
                .tensor(
                        "linear.weight",
                        ElementType.F32,
                        List.of(2L, 32L),
                        TinyEncoder.bytes(weight).array());
        Files.write(dense.resolve("pytorch_model.bin"), saved.zip());
        String text = TinyEncoder.text(9, 10, 11);
        try (EmbeddingModel plain = open(TinyEncoder.write(folder.resolve("plain"), "bert_mlm"));
                EmbeddingModel old = open(model)) {
            float[] mean = plain.embed(text).vector();
            assertThat(old.embed(text).vector()).containsExactly(new float[] {2 * mean[3], -mean[5]}, within(1e-5f));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"pooling_mode\": \"median\"}|unknown pooling_mode 'median'; known are cls, max, mean",
                "{\"pooling_mode\": 3}|pooling_mode must be a list of texts, not 3",
                "{\"pooling_mode_cls_token\": \"yes\"}|pooling_mode_cls_token must be true or false",
                "[]|holds no JSON object",
            })
    void wrongPoolingIsOneLine(String pooling, String message) throws IOException {
        Path model = pooled(pooling);
        assertThatThrownBy(() -> open(model)).isInstanceOf(JllmException.class).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sentence_transformers.models.CNN|a module of type 'CNN' is not supported at its place",
                "sentence_transformers.models.Transformer|a module of type 'Transformer' is not supported at its place",
                "org.evil.Module|a module of type 'org.evil.Module' is not supported",
                "sentence_transformers.models.Dense|2_More/config.json does not exist",
            })
    void unknownModulesAreOneLine(String type, String message) throws IOException {
        Path model = pooled("{}");
        Files.writeString(model.resolve("modules.json"), """
                [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"idx": 2, "name": "2", "path": "2_More", "type": "%s"}]
                """.formatted(type));
        assertThatThrownBy(() -> open(model)).isInstanceOf(JllmException.class).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|holds no JSON list",
                "[]|lists no modules",
                "[{\"path\": \"\"}]|type is missing",
                "[{\"type\": \"sentence_transformers.models.Transformer\", \"path\": \"../other\"}]|is no folder beside it",
                "[{\"type\": \"sentence_transformers.models.CLIPModel\", \"path\": \"\"}]|CLIPModel",
            })
    void wrongListsOfModulesAreOneLine(String list, String message) throws IOException {
        Path model = pooled("{}");
        Files.writeString(model.resolve("modules.json"), list);
        assertThatThrownBy(() -> open(model)).isInstanceOf(JllmException.class).hasMessageContaining(message);
    }

    @Test
    void aLayerThatDoesNotFitIsOneLine() throws IOException {
        Path model = pooled("{\"pooling_mode\": [\"cls\", \"mean\"]}");
        Files.writeString(model.resolve("modules.json"), """
                [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"}]
                """);
        Path dense = Files.createDirectories(model.resolve("2_Dense"));
        TinyEncoder.writeTensors(
                dense.resolve("model.safetensors"),
                Map.of(TinyEncoder.tensor("linear.weight", 4L, 32L), TinyEncoder.wave(128, 0)));
        Files.writeString(dense.resolve("config.json"), "{\"in_features\": 32, \"out_features\": 4, \"bias\": false}");
        assertThatThrownBy(() -> open(model))
                .hasMessageContaining("takes vectors of 32 numbers, but what comes before gives 64");
        Files.writeString(dense.resolve("config.json"), "{\"in_features\": 64, \"out_features\": 4, \"bias\": false}");
        assertThatThrownBy(() -> open(model)).hasMessageContaining("in_features is 64, but the weights have 32");
        Files.writeString(dense.resolve("config.json"), "{\"in_features\": 32, \"out_features\": 4}");
        assertThatThrownBy(() -> open(model)).hasMessageContaining("tensor 'linear.bias' is missing");
        Files.writeString(
                dense.resolve("config.json"),
                "{\"in_features\": 32, \"out_features\": 4, \"bias\": false, \"activation_function\": \"os.system\"}");
        assertThatThrownBy(() -> open(model)).hasMessageContaining("unknown activation_function 'os.system'");
    }
}
