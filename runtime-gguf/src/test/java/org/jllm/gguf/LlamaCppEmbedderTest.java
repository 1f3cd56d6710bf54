package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jllm.Jllm;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.api.UnsupportedModelException;
import org.jllm.generation.EmbeddingBackend;
import org.jllm.gguf.EditableGguf.Values;
import org.jllm.gguf.file.GgufNumber;
import org.jllm.gguf.file.GgufText;
import org.jllm.machine.ProcessMemory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LlamaCppEmbedderTest {
    private static final GgufLoader LOADER = new GgufLoader();
    private static final List<int[]> TEXTS = List.of(
            new int[] {1, 100, 55, 3, 78, 12, 9}, new int[] {42}, new int[] {1, 2, 3}, new int[] {100, 1, 55, 3});

    /** Both ways of computing: with a cache, and all rows at once. */
    enum Model {
        LLAMA,
        BERT;

        Path file(Path folder) throws IOException {
            return this == LLAMA ? TestModels.float32() : bert(folder.resolve("bert.gguf"), 1);
        }
    }

    @TempDir
    static Path folder;

    @BeforeAll
    static void load() {
        TestModels.library();
    }

    /** The texts of many callers through the engine that pools itself, as through any encoder. */
    @Test
    void itIsAModelOfVectors() {
        Jllm jllm = Jllm.builder().withoutUserSettings().build();
        try (EmbeddingModel model = jllm.loadEmbeddingModel(TestModels.float32().toString(), LoadOptions.none())) {
            List<String> texts = List.of("ls", "grep は", "ファイルを表示する", "ls");
            List<Embedding> together = model.embed(texts);
            assertThat(together.get(0).vector()).hasSize(model.dimensions());
            assertThat(together.get(0).cosine(together.get(3))).isCloseTo(1, within(1e-6));
            for (int i = 0; i < texts.size(); i++) {
                assertThat(model.embed(texts.get(i)).cosine(together.get(i))).isCloseTo(1, within(1e-5));
            }
            assertThat(model.reranker().rank("grep は", texts).documents().get(0).index())
                    .isEqualTo(1);
        }
    }

    private static EmbeddingBackend open(Path model, Pooling pooling) {
        return LOADER.loadEmbedder(
                model, LoadOptions.none(), ContextPlan.Attention.EXACT, Optional.ofNullable(pooling));
    }

    /** A random encoder whose file says how to pool. */
    private static Path bert(Path file, int pooling) throws IOException {
        EditableGguf bert = EditableGguf.empty();
        bert.metadata().put("general.architecture", GgufText.of("bert"));
        List.of("context_length=32", "embedding_length=32", "block_count=2", "feed_forward_length=64")
                .forEach(field -> bert.metadata()
                        .put("bert." + field.split("=")[0], GgufNumber.uint32(Integer.parseInt(field.split("=")[1]))));
        bert.metadata().put("bert.vocab_size", GgufNumber.uint32(128));
        bert.metadata().put("bert.attention.head_count", GgufNumber.uint32(4));
        bert.metadata().put("bert.attention.layer_norm_epsilon", GgufNumber.float32(1e-6f));
        bert.metadata().put("bert.attention.causal", GgufNumber.bool(false));
        bert.metadata().put("bert.pooling_type", GgufNumber.uint32(pooling));
        bert.metadata().put("tokenizer.ggml.token_type_count", GgufNumber.uint32(2));
        bert.metadata().put("tokenizer.ggml.model", GgufText.of("no_vocab"));
        Random random = new Random(1);
        put(bert, random, "token_embd.weight", 32, 128);
        put(bert, random, "token_types.weight", 32, 2);
        put(bert, random, "position_embd.weight", 32, 32);
        norm(bert, random, "token_embd_norm");
        for (String block : List.of("blk.0.", "blk.1.")) {
            for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
                put(bert, random, block + name + ".weight", 32, 32);
                put(bert, random, block + name + ".bias", 32);
            }
            norm(bert, random, block + "attn_output_norm");
            put(bert, random, block + "ffn_up.weight", 32, 64);
            put(bert, random, block + "ffn_up.bias", 64);
            put(bert, random, block + "ffn_down.weight", 64, 32);
            put(bert, random, block + "ffn_down.bias", 32);
            norm(bert, random, block + "layer_output_norm");
        }
        return bert.write(file);
    }

    private static void norm(EditableGguf file, Random random, String name) {
        put(file, random, name + ".weight", 32);
        put(file, random, name + ".bias", 32);
    }

    private static void put(EditableGguf file, Random random, String name, long... dimensions) {
        file.tensors().put(name, Values.random(random, 0.5, dimensions));
    }

    private static void assertClose(float[][] actual, float[][] expected, float tolerance) {
        assertThat(actual).hasDimensions(expected.length, expected[0].length);
        for (int row = 0; row < expected.length; row++) {
            assertThat(actual[row]).containsExactly(expected[row], within(tolerance));
        }
    }

    /** Rows of the texts' tokens. */
    private static List<float[][]> tokens(Path model) {
        try (EmbeddingBackend embedder = open(model, Pooling.NONE)) {
            float[][] all = embedder.embed(TEXTS);
            List<float[][]> rows = new ArrayList<>();
            int at = 0;
            for (int[] text : TEXTS) {
                float[][] own = Arrays.copyOfRange(all, at, at + text.length);
                assertClose(embedder.embed(List.of(text)), own, 1e-4f);
                rows.add(own);
                at += text.length;
            }
            assertThat(all).hasDimensions(at, embedder.embeddingSize());
            return rows;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theMeanIsThatOfItsTokens(Model model) throws IOException {
        float[][] expected =
                tokens(model.file(folder)).stream().map(rows -> mean(rows)).toArray(float[][]::new);
        for (Pooling pooling : new Pooling[] {Pooling.MEAN, null}) {
            try (EmbeddingBackend embedder = open(model.file(folder), pooling)) {
                assertClose(embedder.embed(TEXTS), expected, 1e-4f);
            }
        }
    }

    private static float[] mean(float[][] rows) {
        float[] mean = new float[rows[0].length];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (float[] row : rows) {
                sum += row[i];
            }
            mean[i] = (float) (sum / rows.length);
        }
        return mean;
    }

    @ParameterizedTest
    @EnumSource
    void firstAndLastAreThoseRows(Model model) throws IOException {
        List<float[][]> tokens = tokens(model.file(folder));
        try (EmbeddingBackend first = open(model.file(folder), Pooling.CLS);
                EmbeddingBackend last = open(model.file(folder), Pooling.LAST)) {
            assertClose(first.embed(TEXTS), tokens.stream().map(rows -> rows[0]).toArray(float[][]::new), 1e-4f);
            assertClose(
                    last.embed(TEXTS),
                    tokens.stream().map(rows -> rows[rows.length - 1]).toArray(float[][]::new),
                    1e-4f);
        }
    }

    @Test
    void filesSayWhetherTheyAreMadeForVectors() throws IOException {
        assertThat(LOADER.isEmbedder(Model.BERT.file(folder))).isTrue();
        assertThat(LOADER.isEmbedder(Model.LLAMA.file(folder))).isFalse();
    }

    @Test
    void whatTheFileSaysIsFollowed() throws IOException {
        Path file = bert(folder.resolve("first.gguf"), 2);
        try (EmbeddingBackend asSaid = open(file, null);
                EmbeddingBackend first = open(file, Pooling.CLS);
                EmbeddingBackend mean = open(file, Pooling.MEAN)) {
            assertThat(asSaid.embed(TEXTS)).isDeepEqualTo(first.embed(TEXTS));
            assertThat(Arrays.deepEquals(asSaid.embed(TEXTS), mean.embed(TEXTS)))
                    .isFalse();
        }
        assertThatThrownBy(() -> open(bert(folder.resolve("rank.gguf"), 4), null))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("ranks");
        assertThatThrownBy(() -> open(bert(folder.resolve("wrong.gguf"), 99), null))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("bert.pooling_type");
    }

    /** More texts than a batch has sequences, and more tokens than it has rows. */
    @ParameterizedTest
    @EnumSource
    void batchesAreSingleTexts(Model model) throws IOException {
        Random random = new Random(2);
        List<int[]> texts = new ArrayList<>();
        try (EmbeddingBackend embedder = open(model.file(folder), Pooling.MEAN)) {
            IntStream.range(0, 150)
                    .forEach(i -> texts.add(random.ints(1 + random.nextInt(embedder.contextLength()), 0, 128)
                            .toArray()));
            float[][] all = embedder.embed(texts);
            float[][] single =
                    texts.stream().map(text -> embedder.embed(List.of(text))[0]).toArray(float[][]::new);
            assertClose(all, single, 1e-4f);
            assertThat(embedder.embed(List.of())).isEmpty();
        }
    }

    @Test
    void misuseIsRefused() throws IOException {
        Path file = Model.BERT.file(folder);
        EmbeddingBackend embedder = open(file, null);
        assertThat(embedder.contextLength()).isEqualTo(32);
        assertThat(embedder.embeddingSize()).isEqualTo(32);
        for (int[] text : List.of(new int[0], new int[33], new int[] {128}, new int[] {1, -1})) {
            assertThatThrownBy(() -> embedder.embed(List.of(new int[] {1}, text)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(embedder.embed(TEXTS)).hasDimensions(4, 32);
        embedder.close();
        embedder.close();
        assertThatThrownBy(() -> embedder.embed(TEXTS)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> LOADER.loadEmbedder(
                        file, LoadOptions.builder().threads(1).context(33).build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("33");
        assertThatThrownBy(() -> LOADER.loadDecoder(file, LoadOptions.none()))
                .isInstanceOf(UnsupportedModelException.class);
    }

    @Test
    void nothingStays() {
        Path file = TestModels.float32();
        for (int i = 0; i < 10; i++) {
            useOnce(file);
        }
        long before = ProcessMemory.now().anonymous();
        for (int i = 0; i < 50; i++) {
            useOnce(file);
        }
        // A context of this model takes more than 10 MiB.
        assertThat(ProcessMemory.now().anonymous() - before).isLessThan(64L << 20);
    }

    private static void useOnce(Path file) {
        try (EmbeddingBackend embedder = open(file, null)) {
            embedder.embed(TEXTS);
        }
    }
}
