package org.jllm.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jllm.Jllm;
import org.jllm.api.Embedding;
import org.jllm.api.EmbeddingInput;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.EmbeddingOutcome;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.LoadOptions;
import org.jllm.api.Ranking.RankedDocument;
import org.jllm.api.UnavailableException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.catalogue.Pooling;
import org.jllm.checkpoint.SafetensorsWriter.Announced;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model of vectors promises to its callers. */
class EncoderEmbeddingsTest {
    private static final LoadOptions EXACT = LoadOptions.ofDtype("float32");

    private final Jllm jllm = Jllm.builder().withoutUserSettings().build();

    @TempDir
    Path folder;

    private EmbeddingModel open(String golden) throws IOException {
        return jllm.loadEmbeddingModel(
                TinyEncoder.write(folder.resolve(golden), golden).toString(), EXACT);
    }

    /** Random texts of 1 to 60 tokens. */
    private static List<EmbeddingInput.Text> texts(int count) {
        Random random = new Random(7);
        return IntStream.range(0, count)
                .mapToObj(i -> new EmbeddingInput.Text(TinyEncoder.text(
                        random.ints(1 + random.nextInt(60), 5, 96).toArray())))
                .toList();
    }

    private static void assertSame(List<Embedding> actual, List<Embedding> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).vector()).containsExactly(expected.get(i).vector(), within(1e-5f));
        }
    }

    @Test
    void togetherIsAsAloneAndManyCallersGetTheirOwn() throws IOException {
        List<EmbeddingInput.Text> texts = texts(2_500);
        try (EmbeddingModel model = open("bert_mlm")) {
            List<Embedding> together = model.embed(texts, EmbeddingOptions.defaults());
            for (int i = 0; i < texts.size(); i += 97) {
                assertSame(
                        model.embed(texts.subList(i, i + 1), EmbeddingOptions.defaults()), together.subList(i, i + 1));
            }
            List<CompletableFuture<List<Embedding>>> callers = IntStream.range(0, 6)
                    .mapToObj(caller -> CompletableFuture.supplyAsync(() -> model.embed(
                            texts.subList(caller * 400, caller * 400 + 50 * (caller + 1)),
                            EmbeddingOptions.defaults())))
                    .toList();
            for (int caller = 0; caller < 6; caller++) {
                assertSame(
                        callers.get(caller).join(), together.subList(caller * 400, caller * 400 + 50 * (caller + 1)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert_model_pooler", "bert_seqcls", "roberta_model_pooler"})
    void thePoolerIsOneWayToPool(String golden) throws IOException {
        Path files = TinyEncoder.write(folder.resolve(golden), golden);
        JsonNode expected = new ObjectMapper()
                .readTree(TinyEncoder.GOLDEN
                        .resolve(golden)
                        .resolve("golden.json")
                        .toFile());
        EmbeddingPlan plan = EmbeddingPlan.read(files, Pooling.POOLER);
        try (EmbeddingModel model = new EncoderEmbeddings(
                "test",
                plan,
                jllm.loader("transformers").loadEncoder(files, EXACT),
                jllm.loader("transformers").loadTokenizer(files))) {
            for (int i = 0; i < 2; i++) {
                JsonNode prompt = expected.at("/inputs/prompts/" + i);
                boolean plain = !prompt.has("token_type_ids") && !prompt.has("position_ids");
                int[] ids = ints(prompt.path("input_ids"));
                float[] vector = model.embed(List.of(new EmbeddingInput.Tokens(ids)), EmbeddingOptions.defaults())
                        .get(0)
                        .vector();
                JsonNode pooled = expected.at("/expected/prompts/" + i + "/pooler_output");
                assertThat(vector).hasSize(pooled.size());
                for (int k = 0; plain && k < vector.length; k++) {
                    assertThat((double) vector[k])
                            .isCloseTo(
                                    pooled.get(k).doubleValue(),
                                    within(expected.path("tolerance").doubleValue()));
                }
            }
        }
        Path without = TinyEncoder.write(folder.resolve("without"), "bert_mlm");
        assertThatThrownBy(() -> new EncoderEmbeddings(
                        "test",
                        EmbeddingPlan.read(without, Pooling.POOLER),
                        jllm.loader("transformers").loadEncoder(without, EXACT),
                        jllm.loader("transformers").loadTokenizer(without)))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("cannot be pooled as its files say (pooler)");
    }

    private static int[] ints(JsonNode list) {
        int[] values = new int[list.size()];
        Arrays.setAll(values, i -> list.get(i).intValue());
        return values;
    }

    @Test
    void longTextsAreCutAndSaySoOrAreRefused() throws IOException {
        try (EmbeddingModel model = open("bert_mlm")) {
            assertThat(model.maxTokens()).isEqualTo(64);
            String text = TinyEncoder.text(
                    IntStream.range(0, 100).map(i -> 5 + i % 90).toArray());
            Embedding cut = model.embed(text);
            assertThat(cut.truncated()).isTrue();
            assertThat(cut.tokens()).isEqualTo(64);
            Embedding same = model.embed(text.substring(0, 62));
            assertThat(same.truncated()).isFalse();
            assertThat(cut.vector()).containsExactly(same.vector(), within(1e-6f));
            EmbeddingOptions refusing = EmbeddingOptions.defaults().withTruncate(false);
            assertThatThrownBy(() -> model.embed(text, refusing))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("the text has 102 tokens, but the model takes 64: shorten it");
            assertThat(model.embed(text, EmbeddingOptions.defaults().withMaxTokens(5))
                            .tokens())
                    .isEqualTo(5);
            assertThatThrownBy(
                            () -> model.embed(text, EmbeddingOptions.defaults().withMaxTokens(2)))
                    .hasMessageContaining("more than the 2 special tokens");
        }
    }

    @Test
    void vectorsAreCutAndBroughtToLengthOne() throws IOException {
        try (EmbeddingModel model = open("bert_mlm")) {
            String text = TinyEncoder.text(9, 10);
            float[] whole = model.embed(text).vector();
            float[] cut = model.embed(text, EmbeddingOptions.defaults().withDimensions(4))
                    .vector();
            assertThat(cut).containsExactly(Arrays.copyOf(whole, 4));
            EmbeddingOptions unit =
                    EmbeddingOptions.defaults().withDimensions(4).withNormalize(true);
            double length = Math.sqrt(IntStream.range(0, 4)
                    .mapToDouble(i -> (double) whole[i] * whole[i])
                    .sum());
            float[] normalized = model.embed(text, unit).vector();
            for (int i = 0; i < 4; i++) {
                assertThat((double) normalized[i]).isCloseTo(whole[i] / length, within(1e-6));
            }
            assertThatThrownBy(
                            () -> model.embed(text, EmbeddingOptions.defaults().withDimensions(33)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("dimensions must be from 1 to the 32");
            assertThatThrownBy(() -> EmbeddingOptions.query().withPrompt("x"))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(
                            () -> model.embed(text, EmbeddingOptions.defaults().withPromptName("query")))
                    .hasMessage("the model has no prompt 'query'; it has none");
        }
    }

    @Test
    void oneBadTextOfManyIsItsOwn() throws IOException {
        try (EmbeddingModel model = open("bert_mlm")) {
            List<EmbeddingInput> texts = List.of(
                    new EmbeddingInput.Text(TinyEncoder.text(9)),
                    new EmbeddingInput.Tokens(new int[] {5, 97}),
                    new EmbeddingInput.Tokens(new int[0]),
                    new EmbeddingInput.Text("𝄞😀"),
                    new EmbeddingInput.Text(""));
            Iterator<EmbeddingInput> source = texts.iterator();
            Iterator<EmbeddingInput> failing = new Iterator<>() {
                private int count;

                @Override
                public boolean hasNext() {
                    return source.hasNext();
                }

                @Override
                public EmbeddingInput next() {
                    EmbeddingInput next = source.next();
                    if (count++ == 3) {
                        throw new InvalidRequestException("line 4 is broken");
                    }
                    return next;
                }
            };
            List<EmbeddingOutcome<Embedding>> outcomes = new ArrayList<>();
            model.embedAll(failing, EmbeddingOptions.defaults()).forEachRemaining(outcomes::add);
            assertThat(outcomes).extracting(EmbeddingOutcome::index).containsExactly(0L, 1L, 2L, 3L, 4L);
            assertThat(outcomes)
                    .extracting(outcome ->
                            outcome.error() == null ? "" : outcome.error().getMessage())
                    .containsExactly(
                            "", "token id 97 is not between 0 and 96", "the text is empty", "line 4 is broken", "");
            assertThatThrownBy(() -> model.embed(texts, EmbeddingOptions.defaults()))
                    .isInstanceOf(InvalidRequestException.class);
            assertThat(model.embed("𝄞😀").vector())
                    .as("unknown characters are [UNK]")
                    .isNotEqualTo(model.embed("").vector());
        }
    }

    @Test
    void streamsAreLazyAndInOrder() throws IOException {
        try (EmbeddingModel model = open("bert_mlm")) {
            int[] read = {0};
            Stream<String> endless = Stream.generate(() -> TinyEncoder.text(5 + read[0]++ % 90));
            List<Embedding> first = model.embed(endless, EmbeddingOptions.defaults())
                    .limit(3_000)
                    .toList();
            assertThat(read[0]).isBetween(3_000, 8_000);
            for (int i : new int[] {0, 1, 1_500, 2_999}) {
                assertThat(first.get(i).vector())
                        .containsExactly(
                                model.embed(TinyEncoder.text(5 + i % 90)).vector(), within(1e-5f));
            }
        }
    }

    @Test
    void documentsAreRankedByCosine() throws IOException {
        try (EmbeddingModel model = open("bert_mlm")) {
            List<String> documents =
                    List.of(TinyEncoder.text(40, 41), TinyEncoder.text(9, 10), TinyEncoder.text(9, 11));
            List<RankedDocument> ranked =
                    model.reranker().rank(TinyEncoder.text(9, 10), documents).documents();
            assertThat(ranked.get(0).index()).isEqualTo(1);
            assertThat(ranked.get(0).score()).isCloseTo(1, within(1e-6));
            assertThat(ranked.get(1).score())
                    .isCloseTo(model.embed(documents.get(0)).cosine(model.embed(documents.get(1))), within(1.0))
                    .isGreaterThanOrEqualTo(ranked.get(2).score());
            assertThat(model.reranker().rank("", List.of()).documents()).isEmpty();
        }
    }

    @Test
    void damagedWeightsAreFoundWhenTheModelIsOpened() throws IOException {
        Path model = TinyEncoder.write(folder.resolve("nan"), "bert_mlm");
        Map<Announced, float[]> tensors = TinyEncoder.tensors(model);
        tensors.forEach((tensor, values) -> {
            if (tensor.name().endsWith("layer.1.output.dense.bias")) {
                values[3] = Float.NaN;
            }
        });
        TinyEncoder.writeTensors(model.resolve("model.safetensors"), tensors);
        assertThatThrownBy(() -> jllm.loadEmbeddingModel(model.toString(), EXACT))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("numbers that are not finite (NaN)");
    }

    @Test
    void aClosedModelSaysSo() throws IOException {
        EmbeddingModel model = open("bert_mlm");
        model.close();
        model.close();
        assertThatThrownBy(() ->
                        model.embed(List.of(new EmbeddingInput.Tokens(new int[] {2, 3})), EmbeddingOptions.defaults()))
                .isInstanceOf(UnavailableException.class);
    }
}
