package org.jllm.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.LoadOptions;
import org.jllm.api.ModelNotFoundException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.encoding.EncodedText;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small graphs whose numbers can be told without computing them. */
class OnnxEncoderTest {
    private static final Set<EncoderOutput> STATES =
            EnumSet.of(EncoderOutput.HIDDEN_STATES, EncoderOutput.MEAN, EncoderOutput.FIRST);

    @TempDir
    private Path folder;

    private EncoderBackend load(TinyGraph graph) throws IOException {
        return load(graph, "{}");
    }

    private EncoderBackend load(TinyGraph graph, String config) throws IOException {
        graph.write(folder.resolve("onnx/model.onnx"));
        Files.writeString(folder.resolve("config.json"), config);
        return new OnnxLoader().loadEncoder(folder, LoadOptions.none());
    }

    private static List<EncoderInput> texts() {
        Random random = new Random(3);
        List<EncoderInput> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            texts.add(EncoderInput.of(
                    random.ints(1 + random.nextInt(30), 0, TinyGraph.VOCABULARY).toArray()));
        }
        return texts;
    }

    private static void assertLookedUp(EncoderBackend backend) {
        List<EncoderInput> texts = texts();
        List<EncodedText> results = backend.encode(texts, STATES);
        for (int i = 0; i < texts.size(); i++) {
            int[] ids = texts.get(i).ids();
            float[][] rows = results.get(i).rows(EncoderOutput.HIDDEN_STATES);
            assertThat(rows).hasNumberOfRows(ids.length);
            double sum = 0;
            for (int token = 0; token < ids.length; token++) {
                assertThat(rows[token]).containsExactly(TinyGraph.row(ids[token]), within(1e-3f));
                sum += TinyGraph.row(ids[token])[1];
            }
            assertThat(results.get(i).row(EncoderOutput.FIRST)).containsExactly(rows[0]);
            assertThat((double) results.get(i).row(EncoderOutput.MEAN)[1]).isCloseTo(sum / ids.length, within(1e-3));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {TinyGraph.INT64, TinyGraph.INT32})
    void readsTokensOfBothTypesOfIds(int type) throws IOException {
        try (EncoderBackend backend = load(TinyGraph.lookup(type).states("states", "last_hidden_state"))) {
            assertThat(backend.capabilities().vocabularySize()).isEqualTo(TinyGraph.VOCABULARY);
            assertThat(backend.capabilities().hiddenSize()).isEqualTo(TinyGraph.WIDTH);
            assertThat(backend.capabilities().outputs()).isEqualTo(STATES);
            assertLookedUp(backend);
        }
    }

    @Test
    void paddingIsTold() throws IOException {
        TinyGraph sums = TinyGraph.lookup(TinyGraph.INT64)
                .input("attention_mask", TinyGraph.INT64, "batch", "tokens")
                .node("Cast", List.of("attention_mask"), List.of("mask"), TinyGraph.whole("to", TinyGraph.FLOAT))
                .node("ReduceSum", List.of("mask"), List.of("length"), TinyGraph.wholes("axes", 1))
                .operators(11)
                .output("sentence_embedding", TinyGraph.FLOAT, "batch", 1)
                .node("Identity", List.of("length"), List.of("sentence_embedding"))
                .states("states", "token_embeddings");
        try (EncoderBackend backend = load(sums)) {
            assertThat(backend.capabilities().outputs())
                    .containsExactlyInAnyOrder(
                            EncoderOutput.HIDDEN_STATES,
                            EncoderOutput.MEAN,
                            EncoderOutput.FIRST,
                            EncoderOutput.EMBEDDING);
            assertLookedUp(backend);
            List<EncoderInput> texts = texts();
            List<EncodedText> results = backend.encode(texts, EnumSet.of(EncoderOutput.EMBEDDING));
            for (int i = 0; i < texts.size(); i++) {
                assertThat(results.get(i).row(EncoderOutput.EMBEDDING))
                        .containsExactly(texts.get(i).length());
            }
            EncoderInput hiding = EncoderInput.of(new int[9]).withUnseen(4);
            assertThat(backend.encode(List.of(hiding), EnumSet.of(EncoderOutput.EMBEDDING))
                            .get(0)
                            .row(EncoderOutput.EMBEDDING))
                    .containsExactly(5);
        }
    }

    @Test
    void typesAndPositionsAreGivenWhereTheGraphWantsThem() throws IOException {
        TinyGraph graph = TinyGraph.lookup(TinyGraph.INT64)
                .input("token_type_ids", TinyGraph.INT64, "batch", "tokens")
                .input("position_ids", TinyGraph.INT64, "batch", "tokens")
                .floats("types", new float[] {0, 0, 0, 0, 5, 5, 5, 5}, 2, 4)
                .floats("places", TinyGraph.table(32), 32, 4)
                .node("Gather", List.of("types", "token_type_ids"), List.of("typed"))
                .node("Gather", List.of("places", "position_ids"), List.of("placed"))
                .node("Add", List.of("states", "typed"), List.of("both"))
                .node("Add", List.of("both", "placed"), List.of("all"))
                .states("all", "last_hidden_state");
        EncoderInput text = EncoderInput.of(new int[] {3, 4, 5});
        try (EncoderBackend backend = load(graph, "{\"model_type\": \"roberta\", \"pad_token_id\": 1}")) {
            assertThat(backend.capabilities().typeVocabularySize()).isEqualTo(2);
            assertThat(backend.capabilities().positions()).isEqualTo(32);
            EncoderInput typed = text.withTypes(new int[] {0, 1, 0}).withPositions(new int[] {0, 9, 31});
            List<EncodedText> results = backend.encode(List.of(text, typed), STATES);
            float[] places = TinyGraph.table(32);
            float word = TinyGraph.row(4)[0];
            assertThat(results.get(0).rows(EncoderOutput.HIDDEN_STATES)[1][0])
                    .isCloseTo(word + places[3 * 4], within(1e-5f));
            assertThat(results.get(1).rows(EncoderOutput.HIDDEN_STATES)[1][0])
                    .isCloseTo(word + 5 + places[9 * 4], within(1e-5f));
            assertThatThrownBy(() -> backend.encode(List.of(text.withTypes(new int[] {0, 2, 0})), STATES))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void logitsAreWhatTheConfigurationSays() throws IOException {
        TinyGraph first = TinyGraph.lookup(TinyGraph.INT64)
                .node(
                        "ReduceMean",
                        List.of("states"),
                        List.of("logits"),
                        TinyGraph.wholes("axes", 1),
                        TinyGraph.whole("keepdims", 0))
                .output("logits", TinyGraph.FLOAT, "batch", TinyGraph.WIDTH);
        String labels = "\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"3\": \"d\"}";
        try (EncoderBackend backend =
                load(first, "{\"architectures\": [\"BertForSequenceClassification\"], " + labels + "}")) {
            assertThat(backend.capabilities().labels()).containsExactly("a", "b", "c", "d");
            EncodedText result = backend.encode(
                            List.of(EncoderInput.of(new int[] {7})), EnumSet.of(EncoderOutput.TEXT_LABELS))
                    .get(0);
            assertThat(result.row(EncoderOutput.TEXT_LABELS)).containsExactly(TinyGraph.row(7), within(1e-6f));
        }
        TinyGraph each = TinyGraph.lookup(TinyGraph.INT64).states("states", "logits");
        try (EncoderBackend backend =
                load(each, "{\"architectures\": [\"BertForTokenClassification\"], " + labels + "}")) {
            assertThat(backend.capabilities().outputs()).containsExactly(EncoderOutput.TOKEN_LABELS);
        }
        try (EncoderBackend backend = load(each, "{\"architectures\": [\"BertForMaskedLM\"]}")) {
            EncoderInput text = EncoderInput.of(new int[] {1, 2, 8}).asking(2, 0);
            float[][] rows = backend.encode(List.of(text), EnumSet.of(EncoderOutput.MASKED_LM))
                    .get(0)
                    .rows(EncoderOutput.MASKED_LM);
            assertThat(rows).hasDimensions(2, TinyGraph.WIDTH);
            assertThat(rows[0]).containsExactly(TinyGraph.row(8), within(1e-6f));
        }
        try (EncoderBackend backend = load(each, "{\"architectures\": [\"BertForTokenClassification\"]}")) {
            assertThat(backend.capabilities().labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3");
        }
        assertThatThrownBy(() -> load(each, "{\"architectures\": [\"BertForTokenClassification\"], \"num_labels\": 2}"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("4 labels")
                .hasMessageContaining("2");
    }

    @Test
    void halfPrecisionComesOutAsFloat() throws IOException {
        TinyGraph graph = TinyGraph.lookup(TinyGraph.INT64)
                .node("Cast", List.of("states"), List.of("last_hidden_state"), TinyGraph.whole("to", TinyGraph.FLOAT16))
                .output("last_hidden_state", TinyGraph.FLOAT16, "batch", "tokens", TinyGraph.WIDTH);
        try (EncoderBackend backend = load(graph)) {
            assertLookedUp(backend);
        }
    }

    /** One scale is chosen for all that is quantised at once: in company the numbers would be others. */
    @Test
    void textsOfADynamicallyQuantisedGraphAreComputedAlone() throws IOException {
        TinyGraph graph = TinyGraph.lookup(TinyGraph.INT64)
                .node("DynamicQuantizeLinear", List.of("states"), List.of("packed", "scale", "zero"))
                .node("DequantizeLinear", List.of("packed", "scale", "zero"), List.of("rough"))
                .states("rough", "last_hidden_state");
        try (EncoderBackend backend = load(graph)) {
            List<EncoderInput> texts = texts();
            List<EncodedText> together = backend.encode(texts, STATES);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(together.get(i).row(EncoderOutput.MEAN))
                        .containsExactly(backend.encode(List.of(texts.get(i)), STATES)
                                .get(0)
                                .row(EncoderOutput.MEAN));
            }
        }
    }

    @Test
    void fixedSizesAreKept() throws IOException {
        TinyGraph graph = new TinyGraph()
                .input("input_ids", TinyGraph.INT64, 1, 30)
                .input("attention_mask", TinyGraph.INT64, 1, 30)
                .floats("words", TinyGraph.table(TinyGraph.VOCABULARY), TinyGraph.VOCABULARY, TinyGraph.WIDTH)
                .node("Gather", List.of("words", "input_ids"), List.of("states"))
                .node("Cast", List.of("attention_mask"), List.of("mask"), TinyGraph.whole("to", TinyGraph.FLOAT))
                .states("states", "last_hidden_state");
        try (EncoderBackend backend = load(graph)) {
            assertThat(backend.capabilities().contextLength()).isEqualTo(30);
            assertLookedUp(backend);
            assertThatThrownBy(() -> backend.encode(List.of(EncoderInput.of(new int[31])), STATES))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void dataMayLieInAFileBesideTheGraph() throws IOException {
        Files.createDirectories(folder.resolve("onnx"));
        byte[] data = TinyGraph.bytes(TinyGraph.table(TinyGraph.VOCABULARY));
        byte[] shifted = new byte[data.length + 16];
        System.arraycopy(data, 0, shifted, 16, data.length);
        Files.write(folder.resolve("onnx/model.onnx_data"), shifted);
        Map<String, String> place = Map.of("location", "model.onnx_data", "offset", "16", "length", "" + data.length);
        try (EncoderBackend backend = load(external(place))) {
            assertLookedUp(backend);
        }
        Files.write(folder.resolve("onnx/model.onnx_data"), data);
        assertRefused(external(place), InvalidModelException.class, "ends after the end of model.onnx_data");
        Files.write(folder.resolve("outside"), shifted);
        assertRefused(external(Map.of("location", "../outside")), InvalidModelException.class, "not in the folder");
        assertRefused(
                external(Map.of("location", folder.resolve("outside").toString())),
                InvalidModelException.class,
                "not in the folder");
        assertRefused(external(Map.of("location", "nothing")), InvalidModelException.class, "missing");
        assertRefused(external(Map.of()), InvalidModelException.class, "not in the folder");
        assertRefused(
                external(Map.of("location", "model.onnx_data", "offset", "-1")),
                InvalidModelException.class,
                "no number of bytes");
    }

    @Test
    void tablesAreFoundThroughOtherNodes() throws IOException {
        TinyGraph fused = new TinyGraph()
                .input("input_ids", TinyGraph.INT64, "batch", "tokens")
                .input("token_type_ids", TinyGraph.INT64, "batch", "tokens")
                .floats("words", TinyGraph.table(5), 5, TinyGraph.WIDTH)
                .floats("places", TinyGraph.table(7), 7, TinyGraph.WIDTH)
                .floats("types", TinyGraph.table(3), 3, TinyGraph.WIDTH)
                .node("Cast", List.of("input_ids"), List.of("ids"), TinyGraph.whole("to", TinyGraph.INT32))
                .node("Cast", List.of("token_type_ids"), List.of("kinds"), TinyGraph.whole("to", TinyGraph.INT32))
                .node("Identity", List.of("words"), List.of("rows"))
                .node(
                        "EmbedLayerNormalization",
                        List.of("ids", "kinds", "rows", "places", "types"),
                        List.of("last_hidden_state"))
                .output("last_hidden_state", TinyGraph.FLOAT, "batch", "tokens", TinyGraph.WIDTH);
        Graph graph = GraphReader.read(fused.write(folder.resolve("model.onnx")));
        assertThat(graph.table("input_ids").orElseThrow().shape()).containsExactly(5L, 4L);
        assertThat(graph.table("token_type_ids").orElseThrow().shape()).containsExactly(3L, 4L);
        assertThat(graph.table("attention_mask")).isEmpty();
    }

    @Test
    void dataOfConstantsLieInTheFolderToo() {
        assertRefused(
                TinyGraph.lookup(TinyGraph.INT64)
                        .node(
                                "Constant",
                                List.of(),
                                List.of("constant"),
                                TinyGraph.elsewhere("value", Map.of("location", "/etc/passwd"), 2))
                        .node("Add", List.of("states", "constant"), List.of("sum"))
                        .states("sum", "last_hidden_state"),
                InvalidModelException.class,
                "not in the folder");
    }

    private static TinyGraph external(Map<String, String> location) {
        return new TinyGraph()
                .input("input_ids", TinyGraph.INT64, "batch", "tokens")
                .external("words", location, TinyGraph.VOCABULARY, TinyGraph.WIDTH)
                .node("Gather", List.of("words", "input_ids"), List.of("states"))
                .states("states", "last_hidden_state");
    }

    private void assertRefused(TinyGraph graph, Class<? extends JllmException> type, String... parts) {
        assertThatThrownBy(() -> load(graph).close())
                .isInstanceOf(type)
                .message()
                .doesNotContain("\n")
                .contains(parts);
    }

    @Test
    void whatAGraphWantsOrGivesBeyondTextsIsNamed() {
        assertRefused(
                TinyGraph.lookup(TinyGraph.INT64)
                        .input("pixel_values", TinyGraph.FLOAT, "batch", 3)
                        .states("states", "last_hidden_state"),
                UnsupportedModelException.class,
                "pixel_values");
        assertRefused(
                TinyGraph.lookup(TinyGraph.FLOAT).states("states", "last_hidden_state"),
                UnsupportedModelException.class,
                "input_ids as F32");
        assertRefused(
                TinyGraph.lookup(TinyGraph.INT64).states("states", "something"),
                UnsupportedModelException.class,
                "something",
                "last_hidden_state");
        assertRefused(
                new TinyGraph()
                        .input("attention_mask", TinyGraph.INT64, "batch", "tokens")
                        .states("attention_mask", "last_hidden_state"),
                UnsupportedModelException.class,
                "no input input_ids");
        assertRefused(
                new TinyGraph()
                        .input("input_ids", TinyGraph.INT64, 4, "tokens")
                        .floats("words", TinyGraph.table(3), 3, TinyGraph.WIDTH)
                        .node("Gather", List.of("words", "input_ids"), List.of("states"))
                        .states("states", "last_hidden_state"),
                UnsupportedModelException.class,
                "batches of exactly 4");
        assertRefused(
                new TinyGraph().input("input_ids", TinyGraph.INT64, "tokens").states("input_ids", "last_hidden_state"),
                UnsupportedModelException.class,
                "1 dimensions");
    }

    @Test
    void whatOnnxRuntimeRefusesIsOneLine() {
        assertRefused(
                TinyGraph.lookup(TinyGraph.INT64)
                        .node("NoSuchOperator", List.of("states"), List.of("odd"))
                        .states("odd", "last_hidden_state"),
                InvalidModelException.class,
                "NoSuchOperator");
        assertRefused(
                TinyGraph.lookup(TinyGraph.INT64).operators(9_999).states("states", "last_hidden_state"),
                InvalidModelException.class,
                "ONNX Runtime");
        assertRefused(
                TinyGraph.lookup(TinyGraph.INT64)
                        .node("ReduceMean", List.of("states"), List.of("short"))
                        .output("last_hidden_state", TinyGraph.FLOAT)
                        .node("Identity", List.of("short"), List.of("last_hidden_state")),
                InvalidModelException.class,
                "last_hidden_state is [1, 1, 1] for");
    }

    @Test
    void theGraphOfAFolderIsChosenByTypeOrName() throws IOException {
        TinyGraph graph = TinyGraph.lookup(TinyGraph.INT64).states("states", "last_hidden_state");
        graph.write(folder.resolve("onnx/model_quantized.onnx"));
        OnnxLoader loader = new OnnxLoader();
        assertThat(OnnxFolder.find(folder, null).graph()).isEqualTo(folder.resolve("onnx/model_quantized.onnx"));
        graph.write(folder.resolve("onnx/model_fp16.onnx"));
        graph.write(folder.resolve("onnx/model.onnx"));
        assertThat(OnnxFolder.find(folder, "auto").graph()).isEqualTo(folder.resolve("onnx/model.onnx"));
        assertThat(OnnxFolder.find(folder, "float16").graph()).isEqualTo(folder.resolve("onnx/model_fp16.onnx"));
        Path one = folder.resolve("onnx/model_quantized.onnx");
        assertThat(OnnxFolder.find(one, null)).isEqualTo(new OnnxFolder(one, folder));
        assertThatThrownBy(() -> OnnxFolder.find(one, "float16"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("leave it out");
        assertThatThrownBy(() -> OnnxFolder.find(folder, "bfloat16"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("model_fp16.onnx");
        assertThatThrownBy(() -> loader.loadDecoder(folder, LoadOptions.none()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("continues no texts");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> loader.loadEncoder(empty, LoadOptions.none()))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("no ONNX graph");
    }

    @Test
    void afterItIsClosedItSaysSo() throws IOException {
        EncoderBackend backend = load(TinyGraph.lookup(TinyGraph.INT64).states("states", "last_hidden_state"));
        backend.close();
        backend.close();
        assertThatThrownBy(() -> backend.encode(texts(), STATES)).isInstanceOf(IllegalStateException.class);
    }
}
