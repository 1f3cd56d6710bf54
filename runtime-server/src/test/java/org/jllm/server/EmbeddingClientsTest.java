package org.jllm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams.EncodingFormat;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jllm.Jllm;
import org.jllm.api.EmbeddingModel;
import org.jllm.api.LoadOptions;
import org.jllm.api.Ranking;
import org.jllm.api.Similarity;
import org.jllm.onnx.JarModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real model over HTTP gives the clients of others the vectors that it gives in this process. */
@Timeout(120)
class EmbeddingClientsTest {
    private static final String NAME = "minilm";
    private static final String QUERY = "富士山の高さは？";
    private static final List<String> SENTENCES = List.of(
            "富士山の高さは三千七百七十六メートルです。",
            "東京は日本の首都です。",
            "猫が好きです。",
            "犬も好きです。",
            "今日は天気がいい。",
            "明日は雨が降るでしょう。",
            "富士山は日本で一番高い山です。",
            "寿司を食べました。",
            "電車で会社に行きます。",
            "本を読むのが趣味です。");

    @TempDir
    private static Path folder;

    private static EmbeddingModel model;
    private static RunningServer server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws IOException {
        String files = JarModel.ALL_MINILM.write(folder.resolve(NAME)).toString();
        model = Jllm.ofUser().loadEmbeddingModel(files, LoadOptions.none());
        server = RunningServer.offering("demo", files);
        client = OpenAIOkHttpClient.builder()
                .baseUrl(server.baseUrl())
                .apiKey(RunningServer.KEY)
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
        model.close();
    }

    private static EmbeddingCreateParams.Builder sentences() {
        return EmbeddingCreateParams.builder().model(NAME).inputOfArrayOfStrings(SENTENCES);
    }

    private static void assertVector(List<Float> vector, float[] expected) {
        float[] values = new float[vector.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = vector.get(i);
        }
        assertThat(values).containsExactly(expected, within(1e-5f));
    }

    @Test
    void openAisClientForJava() {
        CreateEmbeddingResponse reply = client.embeddings().create(sentences().build());
        assertThat(reply.validate().isValid()).isTrue();
        assertThat(reply.model()).isEqualTo(NAME);
        List<org.jllm.api.Embedding> expected = model.embed(SENTENCES);
        assertThat(reply.usage().promptTokens())
                .isEqualTo(expected.stream()
                        .mapToInt(org.jllm.api.Embedding::tokens)
                        .sum());
        CreateEmbeddingResponse encoded = client.embeddings()
                .create(sentences().encodingFormat(EncodingFormat.BASE64).build());
        for (int i = 0; i < SENTENCES.size(); i++) {
            Embedding embedding = reply.data().get(i);
            assertThat(embedding.index()).isEqualTo(i);
            assertVector(embedding.embedding(), expected.get(i).vector());
            assertVector(encoded.data().get(i).embedding(), expected.get(i).vector());
        }
        EmbeddingCreateParams tokens = EmbeddingCreateParams.builder()
                .model(NAME)
                .inputOfArrayOfTokens(List.of(101L, 2048L, 102L))
                .build();
        assertThat(client.embeddings().create(tokens).usage().totalTokens()).isEqualTo(3);
    }

    @Test
    void textsThatAreTooLongAndIdsThatAreNoneAreRefused() {
        EmbeddingCreateParams tooLong = EmbeddingCreateParams.builder()
                .model(NAME)
                .inputOfArrayOfStrings(List.of("short", "word ".repeat(600)))
                .build();
        assertThatThrownBy(() -> client.embeddings().create(tooLong))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("input[1]")
                .hasMessageContaining("128");
        EmbeddingCreateParams noId = EmbeddingCreateParams.builder()
                .model(NAME)
                .inputOfArrayOfTokens(List.of(101L, 99_999L, 102L))
                .build();
        assertThatThrownBy(() -> client.embeddings().create(noId))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("99999");
    }

    @Test
    void langChain4jRanksSentences() {
        OpenAiEmbeddingModel remote = OpenAiEmbeddingModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey(RunningServer.KEY)
                .modelName(NAME)
                .build();
        float[] query = remote.embed(QUERY).content().vector();
        List<dev.langchain4j.data.embedding.Embedding> vectors = remote.embedAll(
                        SENTENCES.stream().map(TextSegment::from).toList())
                .content();
        List<Integer> ranked = IntStream.range(0, SENTENCES.size())
                .boxed()
                .sorted(Comparator.comparingDouble(
                        i -> -Similarity.cosine(query, vectors.get(i).vector())))
                .toList();
        List<Integer> expected = model.reranker().rank(QUERY, SENTENCES).documents().stream()
                .map(Ranking.RankedDocument::index)
                .toList();
        assertThat(ranked).isEqualTo(expected);
        assertThat(ranked.subList(0, 2)).containsExactlyInAnyOrder(0, 6);
    }

    @Test
    void documentsAreRanked() throws IOException, InterruptedException {
        StringBuilder documents = new StringBuilder();
        SENTENCES.forEach(
                sentence -> documents.append(documents.isEmpty() ? "" : ",").append(TestServer.quoted(sentence)));
        String body = "{\"model\": \"" + NAME + "\", \"query\": " + TestServer.quoted(QUERY) + ", \"documents\": ["
                + documents + "], \"top_n\": 3}";
        var results = TestServer.json(post("/v1/rerank", body)).path("results");
        List<Ranking.RankedDocument> expected =
                model.reranker().rank(QUERY, SENTENCES).documents();
        assertThat(results.size()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(results.get(i).path("index").asInt())
                    .isEqualTo(expected.get(i).index());
            assertThat(results.get(i).path("relevance_score").asDouble())
                    .isCloseTo(expected.get(i).score(), within(1e-5));
        }
    }

    private static String post(String path, String body) throws IOException, InterruptedException {
        String address = server.baseUrl().replaceFirst("/v1$", "");
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .header("Authorization", "Bearer " + RunningServer.KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void manyAtOnceGetTheirOwn() {
        List<CompletableFuture<CreateEmbeddingResponse>> replies = new ArrayList<>();
        for (String sentence : SENTENCES) {
            EmbeddingCreateParams params =
                    EmbeddingCreateParams.builder().model(NAME).input(sentence).build();
            replies.add(client.async().embeddings().create(params));
        }
        for (int i = 0; i < SENTENCES.size(); i++) {
            assertVector(
                    replies.get(i).join().data().get(0).embedding(),
                    model.embed(SENTENCES.get(i)).vector());
        }
        assertThat(server.metrics())
                .containsPattern("jllm_texts_embedded_total\\{model=\"minilm\"} [1-9]")
                .containsPattern("jllm_requests_total\\{model=\"minilm\",outcome=\"embedded\"} [1-9]")
                .containsPattern("jllm_time_to_embed_seconds_count\\{model=\"minilm\"} [1-9]");
    }
}
