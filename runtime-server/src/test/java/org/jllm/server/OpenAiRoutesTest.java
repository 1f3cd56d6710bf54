package org.jllm.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The endpoints on the embedded model. */
class OpenAiRoutesTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "/v1/completions";
    private static final String ASK = "\"model\":\"org/demo\",\"messages\":[{\"role\":\"user\",\"content\":\"cd\"}]";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(Map.of("org/demo", Jllm.ofUser().load("demo", LoadOptions.none())));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode ok(String path, String body) {
        HttpResponse<String> response = server.post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return TestServer.json(response.body());
    }

    private static JsonNode error(int status, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode body = TestServer.json(response.body());
        assertThat(body.properties()).hasSize(1);
        assertThat(body.get("error").fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(body.get("error").get("message").textValue()).isNotBlank().doesNotContain("\n");
        return body.get("error");
    }

    @Test
    void chatAnswersWhole() {
        JsonNode reply = ok(CHAT, "{" + ASK + ",\"max_tokens\":5,\"n\":2,\"user\":null}");
        assertThat(reply.get("object").textValue()).isEqualTo("chat.completion");
        assertThat(reply.get("id").textValue()).startsWith("chatcmpl-");
        assertThat(reply.get("choices")).hasSize(2);
        JsonNode choice = reply.at("/choices/1");
        assertThat(choice.get("index").intValue()).isEqualTo(1);
        assertThat(choice.at("/message/role").textValue()).isEqualTo("assistant");
        assertThat(choice.at("/message/content").textValue())
                .isNotEmpty()
                .isEqualTo(reply.at("/choices/0/message/content").textValue());
        assertThat(choice.get("finish_reason").textValue()).isEqualTo("length");
        JsonNode usage = reply.get("usage");
        assertThat(usage.get("completion_tokens").intValue()).isEqualTo(10);
        assertThat(usage.get("total_tokens").intValue())
                .isEqualTo(usage.get("prompt_tokens").intValue() + 10);
        assertThat(usage.at("/prompt_tokens_details/cached_tokens").isInt()).isTrue();
    }

    @Test
    void contentsOfPartsAndTheDeveloperAreTheSameChat() {
        String texts = "{\"model\":\"org/demo\",\"max_tokens\":4,\"messages\":["
                + "{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"ab\"}]}";
        String parts = "{\"model\":\"org/demo\",\"max_completion_tokens\":4,\"messages\":["
                + "{\"role\":\"developer\",\"content\":\"s\"},{\"role\":\"user\",\"content\":["
                + "{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}]}";
        JsonNode first = ok(CHAT, texts);
        JsonNode second = ok(CHAT, parts);
        assertThat(second.at("/choices/0/message")).isEqualTo(first.at("/choices/0/message"));
        assertThat(second.at("/usage/prompt_tokens")).isEqualTo(first.at("/usage/prompt_tokens"));
    }

    @Test
    void chatStreamsInOrder() {
        String whole = ok(CHAT, "{" + ASK + ",\"max_tokens\":6}")
                .at("/choices/0/message/content")
                .textValue();
        HttpResponse<String> response = server.post(
                CHAT, "{" + ASK + ",\"max_tokens\":6,\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        List<String> events = TestServer.events(response.body());
        assertThat(events.get(events.size() - 1)).isEqualTo("[DONE]");
        List<JsonNode> chunks = events.subList(0, events.size() - 1).stream()
                .map(TestServer::json)
                .toList();
        assertThat(chunks.get(0).at("/choices/0/delta/role").textValue()).isEqualTo("assistant");
        JsonNode usage = chunks.get(chunks.size() - 1);
        assertThat(usage.get("choices")).isEmpty();
        assertThat(usage.at("/usage/completion_tokens").intValue()).isEqualTo(6);
        List<JsonNode> others = chunks.subList(0, chunks.size() - 1);
        assertThat(others).allSatisfy(chunk -> {
            assertThat(chunk.get("usage").isNull()).isTrue();
            assertThat(chunk.get("object").textValue()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.get("id")).isEqualTo(usage.get("id"));
        });
        JsonNode last = others.get(others.size() - 1);
        assertThat(last.at("/choices/0/delta")).isEmpty();
        assertThat(last.at("/choices/0/finish_reason").textValue()).isEqualTo("length");
        StringBuilder text = new StringBuilder();
        others.forEach(chunk -> text.append(chunk.at("/choices/0/delta/content").asText("")));
        assertThat(text.toString()).isEqualTo(whole);
    }

    @Test
    void streamsOfChoicesAreToldApart() {
        HttpResponse<String> response = server.post(
                TEXT,
                "{\"model\":\"org/demo\",\"prompt\":[\"名前\",\"書式\"],\"max_tokens\":4,\"stream\":true,\"echo\":true}");
        String[] texts = {"", ""};
        for (String event : TestServer.events(response.body())) {
            if (!event.equals("[DONE]")) {
                JsonNode chunk = TestServer.json(event);
                assertThat(chunk.has("usage")).isFalse();
                texts[chunk.at("/choices/0/index").intValue()] +=
                        chunk.at("/choices/0/text").textValue();
            }
        }
        JsonNode whole = ok(TEXT, "{\"model\":\"org/demo\",\"prompt\":[\"名前\",\"書式\"],\"max_tokens\":4,\"echo\":true}");
        assertThat(texts[0])
                .startsWith("名前")
                .isEqualTo(whole.at("/choices/0/text").textValue());
        assertThat(texts[1])
                .startsWith("書式")
                .isEqualTo(whole.at("/choices/1/text").textValue());
    }

    @Test
    void chatHasLogprobs() {
        JsonNode choice = ok(CHAT, "{" + ASK + ",\"max_tokens\":3,\"logprobs\":true,\"top_logprobs\":2}")
                .at("/choices/0");
        assertThat(choice.at("/logprobs/content")).hasSize(3).allSatisfy(token -> {
            assertThat(token.get("logprob").doubleValue()).isNegative();
            assertThat(token.get("top_logprobs")).hasSize(2);
            assertThat(token.at("/top_logprobs/0/logprob")).isEqualTo(token.get("logprob"));
            assertThat(token.get("bytes").isArray()).isTrue();
        });
    }

    @Test
    void echoScoresThePrompt() {
        JsonNode tokens = ok("/tokenize", "{\"model\":\"org/demo\",\"prompt\":\"名前を表示\"}");
        JsonNode reply = ok(
                TEXT,
                "{\"model\":\"org/demo\",\"prompt\":" + tokens.get("tokens")
                        + ",\"max_tokens\":0,\"echo\":true,\"logprobs\":1}");
        JsonNode logprobs = reply.at("/choices/0/logprobs");
        int count = tokens.get("count").intValue();
        assertThat(logprobs.get("tokens")).hasSize(count);
        assertThat(logprobs.get("token_logprobs")).hasSize(count);
        assertThat(logprobs.at("/token_logprobs/0").isNull()).isTrue();
        assertThat(logprobs.at("/token_logprobs/1").doubleValue()).isNegative();
        assertThat(reply.at("/usage/completion_tokens").intValue()).isZero();
        JsonNode more =
                ok(TEXT, "{\"model\":\"org/demo\",\"prompt\":\"名前を表示\",\"max_tokens\":2,\"echo\":true,\"logprobs\":1}");
        assertThat(more.at("/choices/0/logprobs/tokens")).hasSize(count + 2);
        assertThat(more.at("/choices/0/logprobs/text_offset/" + count).intValue())
                .isEqualTo("名前を表示".length());
    }

    @Test
    void stopEndsTheText() {
        String body = "{\"model\":\"org/demo\",\"prompt\":\"名前\",\"max_tokens\":20";
        String text = ok(TEXT, body + "}").at("/choices/0/text").textValue();
        String stop = text.substring(2, 4);
        JsonNode stopped = ok(TEXT, body + ",\"stop\":[" + TestServer.quoted(stop) + "]}");
        assertThat(stopped.at("/choices/0/text").textValue()).isEqualTo(text.substring(0, text.indexOf(stop)));
        assertThat(stopped.at("/choices/0/finish_reason").textValue()).isEqualTo("stop");
    }

    @Test
    void choiceHasTheSeedPlusItsIndex() {
        String body = "{\"model\":\"org/demo\",\"prompt\":\"名前\",\"max_tokens\":12,\"temperature\":1.5,\"seed\":";
        JsonNode two = ok(TEXT, body + "7,\"n\":2}");
        assertThat(ok(TEXT, body + "8}").at("/choices/0/text")).isEqualTo(two.at("/choices/1/text"));
        assertThat(two.at("/choices/0/text")).isNotEqualTo(two.at("/choices/1/text"));
    }

    @Test
    void biasForcesAToken() {
        JsonNode tokens =
                ok("/tokenize", "{\"model\":\"org/demo\",\"prompt\":\"名\"}").get("tokens");
        int id = tokens.get(tokens.size() - 1).intValue();
        JsonNode reply = ok(
                TEXT,
                "{\"model\":\"org/demo\",\"prompt\":\"書式\",\"max_tokens\":3,\"logit_bias\":{\"" + id + "\":100}}");
        String piece = ok("/detokenize", "{\"model\":\"org/demo\",\"tokens\":[" + id + "]}")
                .get("prompt")
                .textValue();
        assertThat(reply.at("/choices/0/text").textValue()).isEqualTo(piece.repeat(3));
    }

    @Test
    void modelsAreListedAndFoundWithTheirSlash() {
        assertThat(TestServer.json(server.get("/v1/models").body())
                        .at("/data/0/id")
                        .textValue())
                .isEqualTo("org/demo");
        for (String path : List.of("/v1/models/org/demo", "/v1/models/org%2Fdemo")) {
            HttpResponse<String> response = server.get(path);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(TestServer.json(response.body()).get("object").textValue())
                    .isEqualTo("model");
        }
        assertThat(error(404, server.get("/v1/models/none")).get("code").textValue())
                .isEqualTo("model_not_found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "temperature|\"hot\"",
                "temperature|1e999",
                "temperature|-1",
                "top_p|2",
                "top_k|1.5",
                "n|0",
                "n|99999999999",
                "max_tokens|-1",
                "max_tokens|true",
                "stop|[1]",
                "stop|\"\"",
                "seed|\"a\"",
                "seed|99999999999999999999",
                "stream|1",
                "logprobs|3",
                "top_logprobs|3",
                "logit_bias|{\"a\":1}",
                "logit_bias|{\"1\":101}",
                "presence_penalty|3",
                "stream_options|{}",
                "response_format|{\"type\":\"json_object\"}",
                "tools|[]",
                "temprature|1",
                "temperature|1,\"temperature\":1",
                "max_completion_tokens|3,\"max_tokens\":4"
            })
    void wrongFieldIsNamed(String field, String value) {
        JsonNode error = error(400, server.post(CHAT, "{" + ASK + ",\"" + field + "\":" + value + "}"));
        assertThat(error.get("param").textValue()).isEqualTo(field);
        assertThat(error.get("type").textValue()).isEqualTo("invalid_request_error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "logit_bias|\"prompt\":\"a\",\"logit_bias\":{\"6000\":1}",
                "prompt|\"prompt\":[5999,6000]",
                "prompt|\"prompt\":[-1]",
                "prompt|\"prompt\":[]",
                "prompt|\"prompt\":[[]]",
                "prompt[1]|\"prompt\":[1,\"a\"]"
            })
    void whatTheModelFindsWrongNamesItsField(String param, String fields) {
        JsonNode error = error(400, server.post(TEXT, "{\"model\":\"org/demo\"," + fields + "}"));
        assertThat(error.get("param").textValue()).isEqualTo(param);
    }

    @Test
    void whatIsCutInAnErrorStaysWholeCharacters() {
        String name = "a".repeat(199) + "😀zz";
        HttpResponse<String> response = server.post(TEXT, "{\"model\":\"" + name + "\",\"prompt\":\"a\"}");
        assertThat(error(404, response).get("message").textValue()).contains("a".repeat(199) + "…'");
        String half = error(400, server.post(CHAT, "{\"model\":\"org/demo\",\"messages\":\"\\ud800\"}"))
                .get("message")
                .textValue();
        assertThat(half).contains("\uFFFD");
    }

    @Test
    void topPOfZeroLeavesTheBestToken() {
        String greedy = ok(CHAT, "{" + ASK + ",\"max_tokens\":8,\"temperature\":0}")
                .at("/choices/0/message/content")
                .textValue();
        for (String fields : List.of("\"temperature\":1.9,\"top_p\":0", "\"temperature\":-0.0,\"seed\":-3")) {
            assertThat(ok(CHAT, "{" + ASK + ",\"max_tokens\":8," + fields + "}")
                            .at("/choices/0/message/content")
                            .textValue())
                    .isEqualTo(greedy);
        }
    }

    @Test
    void textOffsetsCountCharacters() {
        String prompt = "名前😀を表示";
        JsonNode choice = ok(
                        TEXT,
                        "{\"model\":\"org/demo\",\"prompt\":" + TestServer.quoted(prompt)
                                + ",\"max_tokens\":3,\"echo\":true,\"logprobs\":0}")
                .at("/choices/0");
        String text = choice.get("text").textValue();
        JsonNode logprobs = choice.get("logprobs");
        assertThat(logprobs.at("/text_offset/0").intValue()).isZero();
        int checked = 0;
        for (int i = 1; i < logprobs.get("tokens").size(); i++) {
            String token = logprobs.at("/tokens/" + i).textValue().strip();
            if (!token.startsWith("bytes:")) {
                int offset = logprobs.at("/text_offset/" + i).intValue();
                assertThat(text.substring(text.offsetByCodePoints(0, offset)).strip())
                        .startsWith(token);
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(4);
    }

    @Test
    void anEmptyPromptIsContinuedFromTheBeginning() {
        JsonNode reply = ok(TEXT, "{\"model\":\"org/demo\",\"prompt\":\"\",\"max_tokens\":1}");
        assertThat(reply.at("/usage/prompt_tokens").intValue()).isOne();
        assertThat(reply.at("/usage/completion_tokens").intValue()).isOne();
        assertThat(ok("/detokenize", "{\"model\":\"org/demo\",\"tokens\":[]}")
                        .get("prompt")
                        .textValue())
                .isEmpty();
    }

    @Test
    void stopAtTheVeryBeginningLeavesAnEmptyText() {
        String body = "{\"model\":\"org/demo\",\"prompt\":\"名前\",\"max_tokens\":9";
        String text = ok(TEXT, body + "}").at("/choices/0/text").textValue();
        String stop = ",\"stop\":" + TestServer.quoted(text.substring(0, 1));
        JsonNode stopped = ok(TEXT, body + stop + "}");
        assertThat(stopped.at("/choices/0/text").textValue()).isEmpty();
        assertThat(stopped.at("/choices/0/finish_reason").textValue()).isEqualTo("stop");
        assertThat(stopped.at("/usage/completion_tokens").intValue()).isPositive();
        List<String> events = TestServer.events(
                server.post(TEXT, body + stop + ",\"stream\":true}").body());
        assertThat(events).hasSize(2).last().isEqualTo("[DONE]");
        assertThat(events.get(0)).contains("\"text\":\"\"", "\"finish_reason\":\"stop\"");
    }

    @Test
    void unknownFieldComesWithANearName() {
        JsonNode error = error(400, server.post(CHAT, "{" + ASK + ",\"temprature\":1}"));
        assertThat(error.get("message").textValue()).contains("did you mean temperature");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "messages[0].role|[{\"role\":\"tool\",\"content\":\"\"}]",
                "messages[0].content|[{\"role\":\"user\",\"content\":5}]",
                "messages[0].content|[{\"role\":\"user\",\"content\":\"\\ud800\"}]",
                "messages[0].content[0].type|[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]",
                "messages[1]|[{\"role\":\"user\",\"content\":\"a\"},7]",
                "messages|[]"
            })
    void wrongMessageIsNamed(String param, String messages) {
        JsonNode error = error(400, server.post(CHAT, "{\"model\":\"org/demo\",\"messages\":" + messages + "}"));
        assertThat(error.get("param").textValue()).isEqualTo(param);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"``", "{", "[]", "{} {}", "{\"n\":NaN}", "{\"n\":01}", "null"})
    void bodyMustBeOneObject(String body) {
        error(400, server.post(CHAT, body));
    }

    @Test
    void bodyMustBeShallowUtf8Json() {
        error(400, server.post(CHAT, "{\"stop\":" + "[".repeat(5000) + "]".repeat(5000) + "}"));
        error(
                400,
                server.send(server.request(CHAT)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}))
                        .build()));
        error(
                415,
                server.send(server.request(CHAT)
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString("{}"))
                        .build()));
        error(404, server.get("/v1/nothing"));
        error(405, server.get(CHAT));
    }

    @Test
    void tooLongPromptSaysSo() {
        JsonNode error =
                error(400, server.post(TEXT, "{\"model\":\"org/demo\",\"prompt\":\"" + "名前 ".repeat(500) + "\"}"));
        assertThat(error.get("code").textValue()).isEqualTo("context_length_exceeded");
        assertThat(error(404, server.post(TEXT, "{\"model\":\"x\",\"prompt\":\"a\"}"))
                        .get("code")
                        .textValue())
                .isEqualTo("model_not_found");
        error(400, server.post(TEXT, "{\"model\":\"org/demo\",\"prompt\":[99999999]}"));
    }
}
