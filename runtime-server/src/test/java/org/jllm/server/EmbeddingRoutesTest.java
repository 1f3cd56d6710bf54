package org.jllm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /v1/embeddings} and {@code /rerank}, field by field. */
@Timeout(60)
class EmbeddingRoutesTest {
    private final TestServer server = TestServer.withEmbeddings(
            Map.of(
                    "vectors", new FakeEmbeddings("vectors", false, () -> {}),
                    "late", new FakeEmbeddings("late", true, () -> {})),
            Map.of("texts", new StubModel("texts", () -> {})));

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode embed(String fields) {
        HttpResponse<String> reply = server.post("/v1/embeddings", "{\"model\": \"vectors\", " + fields + "}");
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        return TestServer.json(reply.body());
    }

    private JsonNode refused(String path, String body, int status) {
        HttpResponse<String> reply = server.post(path, body);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
        JsonNode error = TestServer.json(reply.body()).path("error");
        assertThat(error.path("message").asText()).isNotEmpty().doesNotContain("\n");
        return error;
    }

    private static void assertVector(JsonNode embedding, float... values) {
        assertThat(embedding.size()).isEqualTo(values.length);
        for (int i = 0; i < values.length; i++) {
            assertThat((float) embedding.get(i).asDouble()).isCloseTo(values[i], within(1e-6f));
        }
    }

    @Test
    void aTextIsOneEmbedding() {
        JsonNode reply = embed("\"input\": \"猫です\", \"user\": \"somebody\"");
        assertThat(reply.path("object").asText()).isEqualTo("list");
        assertThat(reply.path("model").asText()).isEqualTo("vectors");
        assertThat(reply.path("data").size()).isOne();
        JsonNode first = reply.path("data").get(0);
        assertThat(first.path("object").asText()).isEqualTo("embedding");
        assertThat(first.path("index").asInt()).isZero();
        assertVector(first.path("embedding"), FakeEmbeddings.vector('猫', 'で', 'す'));
        assertThat(reply.path("usage").toString()).isEqualTo("{\"prompt_tokens\":3,\"total_tokens\":3}");
        assertThat(server.embedded).hasValue(1);
    }

    @Test
    void inputsComeInFourForms() {
        JsonNode texts = embed("\"input\": [\"ab\", \"xyz\"]").path("data");
        assertThat(texts.size()).isEqualTo(2);
        assertThat(texts.get(1).path("index").asInt()).isOne();
        assertVector(texts.get(1).path("embedding"), FakeEmbeddings.vector('x', 'y', 'z'));
        JsonNode tokens = embed("\"input\": [7, 8, 9]").path("data");
        assertThat(tokens.size()).isOne();
        assertVector(tokens.get(0).path("embedding"), FakeEmbeddings.vector(7, 8, 9));
        JsonNode lists = embed("\"input\": [[7, 8], [9]]").path("data");
        assertThat(lists.size()).isEqualTo(2);
        assertVector(lists.get(1).path("embedding"), FakeEmbeddings.vector(9));
    }

    @Test
    void base64IsLittleEndianFloats() {
        String encoded = embed("\"input\": \"ab\", \"encoding_format\": \"base64\"")
                .path("data")
                .get(0)
                .path("embedding")
                .asText();
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(encoded)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.remaining()).isEqualTo(4 * FakeEmbeddings.DIMENSIONS);
        for (float value : FakeEmbeddings.vector('a', 'b')) {
            assertThat(bytes.getFloat()).isEqualTo(value);
        }
    }

    @Test
    void fewerDimensionsAreOfLengthOne() {
        JsonNode embedding = embed("\"input\": [[3, 4]], \"dimensions\": 2, \"encoding_format\": \"float\"")
                .path("data")
                .get(0)
                .path("embedding");
        assertVector(embedding, 0.6f, 0.8f);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "input|{}",
                "input|{`input`: null}",
                "input|{`input`: []}",
                "input|{`input`: ``}",
                "input[1]|{`input`: [`a`, ``]}",
                "input[1]|{`input`: [`a`, 3]}",
                "input[1]|{`input`: [[1], []]}",
                "input[1]|{`input`: [1, `a`]}",
                "input[0][1]|{`input`: [[1, 1.5]]}",
                "input|{`input`: 3}",
                "input|{`input`: {`text`: `a`}}",
                "input|{`input`: `a text of more than twenty characters`}",
                "input[1]|{`input`: [`a`, `a text of more than twenty characters`]}",
                "dimensions|{`input`: `a`, `dimensions`: 0}",
                "dimensions|{`input`: `a`, `dimensions`: 5}",
                "dimensions|{`input`: `a`, `dimensions`: `2`}",
                "encoding_format|{`input`: `a`, `encoding_format`: `int8`}",
                "inputs|{`input`: `a`, `inputs`: `a`}",
                "stream|{`input`: `a`, `stream`: false}",
            })
    void whatIsWrongIsNamed(String param, String body) {
        String whole = "{\"model\": \"vectors\"" + (body.equals("{}") ? "}" : ", " + body.substring(1));
        JsonNode error = refused("/v1/embeddings", whole.replace('`', '"'), 400);
        assertThat(error.path("param").asText()).isEqualTo(param);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    }

    @Test
    void aRequestHasAnEnd() {
        String many = String.join(", ", Collections.nCopies(2049, "\"a\""));
        JsonNode error = refused("/v1/embeddings", "{\"model\": \"vectors\", \"input\": [" + many + "]}", 413);
        assertThat(error.path("message").asText()).contains("2049", "2048");
        refused("/rerank", "{\"model\": \"vectors\", \"query\": \"a\", \"documents\": [" + many + "]}", 413);
        assertThat(embed("\"input\": [" + many.substring(5) + "]").path("data").size())
                .isEqualTo(2048);
    }

    @Test
    void eachModelIsForItsEndpoint() {
        assertThat(refused("/v1/embeddings", "{\"model\": \"texts\", \"input\": \"a\"}", 400)
                        .path("message")
                        .asText())
                .contains("makes no embeddings", "/v1/chat/completions");
        String chat = "{\"model\": \"vectors\", \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}";
        JsonNode error = refused("/v1/chat/completions", chat, 400);
        assertThat(error.path("message").asText()).contains("/v1/embeddings");
        assertThat(error.path("param").asText()).isEqualTo("model");
        refused("/v1/completions", "{\"model\": \"vectors\", \"prompt\": \"a\"}", 400);
        refused("/tokenize", "{\"model\": \"vectors\", \"prompt\": \"a\"}", 400);
        assertThat(refused("/v1/embeddings", "{\"model\": \"late\", \"input\": \"a\"}", 400)
                        .path("message")
                        .asText())
                .contains("/rerank");
        refused("/v1/embeddings", "{\"model\": \"none\", \"input\": \"a\"}", 404);
        assertThat(server.leases).hasValue(0);
    }

    @Test
    void documentsAreRanked() {
        String body =
                "{\"model\": \"late\", \"query\": \"what\", \"documents\": [\"b\", {\"text\": \"long\"}, \"mid\"]";
        JsonNode reply = TestServer.json(server.post("/v1/rerank", body + "}").body());
        assertThat(reply.path("model").asText()).isEqualTo("late");
        assertThat(reply.path("results").toString())
                .isEqualTo("[{\"index\":1,\"relevance_score\":4.0},{\"index\":2,\"relevance_score\":3.0},"
                        + "{\"index\":0,\"relevance_score\":1.0}]");
        assertThat(reply.path("usage").path("total_tokens").asInt()).isEqualTo(12);
        JsonNode best = TestServer.json(server.post("/rerank", body + ", \"top_n\": 1, \"return_documents\": true}")
                .body());
        assertThat(best.path("results").toString())
                .isEqualTo("[{\"index\":1,\"relevance_score\":4.0,\"document\":{\"text\":\"long\"}}]");
    }

    @Test
    void manyDocumentsAreRankedInPiecesAndCutOnesAreTold() {
        StringBuilder documents = new StringBuilder("\"x\"");
        for (int i = 1; i < 600; i++) {
            documents.append(",\"").append("y".repeat(1 + i % 7)).append('"');
        }
        String body = "{\"model\": \"vectors\", \"query\": \"q\", \"documents\": [" + documents + ",\"" + "z".repeat(30)
                + "\"]}";
        JsonNode reply = TestServer.json(server.post("/rerank", body).body());
        JsonNode results = reply.path("results");
        assertThat(results.size()).isEqualTo(601);
        assertThat(results.get(0).toString()).isEqualTo("{\"index\":600,\"relevance_score\":30.0,\"truncated\":true}");
        assertThat(results.get(1).toString()).isEqualTo("{\"index\":6,\"relevance_score\":7.0}");
        assertThat(results.get(2).path("index").asInt()).isEqualTo(13);
        assertThat(reply.has("query_truncated")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "query|`documents`: [`a`]",
                "query|`query`: ``, `documents`: [`a`]",
                "query|`query`: [`a`], `documents`: [`a`]",
                "documents|`query`: `a`",
                "documents|`query`: `a`, `documents`: []",
                "documents|`query`: `a`, `documents`: `a`",
                "documents[1]|`query`: `a`, `documents`: [`a`, 3]",
                "documents[0].text|`query`: `a`, `documents`: [{`text`: ``}]",
                "documents[0].text|`query`: `a`, `documents`: [{}]",
                "documents[0].title|`query`: `a`, `documents`: [{`text`: `a`, `title`: `b`}]",
                "top_n|`query`: `a`, `documents`: [`a`], `top_n`: 0",
                "return_documents|`query`: `a`, `documents`: [`a`], `return_documents`: 1",
                "max_chunks_per_doc|`query`: `a`, `documents`: [`a`], `max_chunks_per_doc`: 1",
            })
    void whatIsWrongWithARankingIsNamed(String param, String fields) {
        String body = "{\"model\": \"late\", " + fields.replace('`', '"') + "}";
        assertThat(refused("/rerank", body, 400).path("param").asText()).isEqualTo(param);
    }
}
