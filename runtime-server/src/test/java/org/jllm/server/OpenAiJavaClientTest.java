package org.jllm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What OpenAI's own client for Java makes of the server. */
@Timeout(120)
class OpenAiJavaClientTest {
    private static RunningServer server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        server = RunningServer.withKey();
        client = client(RunningServer.KEY);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(server.baseUrl())
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder question() {
        return ChatCompletionCreateParams.builder().model("demo").addUserMessage(RunningServer.QUESTION);
    }

    private static ChatCompletion.Choice ask(ChatCompletionCreateParams.Builder question) {
        return client.chat().completions().create(question.build()).choices().get(0);
    }

    private static String text(ChatCompletion.Choice choice) {
        return choice.message().content().orElseThrow();
    }

    @Test
    void chat() {
        ChatCompletion answer = client.chat().completions().create(question().build());
        assertThat(answer.validate().isValid()).isTrue();
        assertThat(answer.model()).isEqualTo("demo");
        assertThat(answer.choices()).hasSize(1);
        assertThat(text(answer.choices().get(0))).isEqualTo(RunningServer.ANSWER);
        assertThat(answer.choices().get(0).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        var usage = answer.usage().orElseThrow();
        assertThat(usage.completionTokens()).isPositive();
        assertThat(usage.totalTokens()).isEqualTo(usage.promptTokens() + usage.completionTokens());
    }

    @Test
    void completion() {
        Completion answer = client.completions()
                .create(CompletionCreateParams.builder()
                        .model("demo")
                        .prompt("名前")
                        .maxTokens(4)
                        .echo(true)
                        .build());
        assertThat(answer.validate().choices().get(0).text()).startsWith("名前").hasSizeGreaterThan(2);
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(4);
    }

    @Test
    void stream() {
        List<ChatCompletionChunk> chunks = stream(question());
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.validate().isValid()).isTrue();
            assertThat(chunk.usage()).isEmpty();
            assertThat(chunk.id()).isEqualTo(chunks.get(0).id());
        });
        assertThat(chunks.get(0).choices().get(0).delta().role())
                .contains(ChatCompletionChunk.Choice.Delta.Role.ASSISTANT);
        assertThat(chunks.get(chunks.size() - 1).choices().get(0).finishReason())
                .contains(ChatCompletionChunk.Choice.FinishReason.STOP);
        assertThat(text(chunks)).isEqualTo(RunningServer.ANSWER);
        assertThat(chunks).hasSizeGreaterThan(4);
    }

    @Test
    void usage() {
        List<ChatCompletionChunk> chunks = stream(question()
                .maxTokens(5)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build()));
        ChatCompletionChunk last = chunks.get(chunks.size() - 1);
        assertThat(last.choices()).isEmpty();
        assertThat(last.usage().orElseThrow().completionTokens()).isEqualTo(5);
        assertThat(chunks.subList(0, chunks.size() - 1))
                .isNotEmpty()
                .allSatisfy(chunk -> assertThat(chunk.usage()).isEmpty());
    }

    private static List<ChatCompletionChunk> stream(ChatCompletionCreateParams.Builder question) {
        try (StreamResponse<ChatCompletionChunk> response =
                client.chat().completions().createStreaming(question.build())) {
            return response.stream().toList();
        }
    }

    private static String text(List<ChatCompletionChunk> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .map(choice -> choice.delta().content().orElse(""))
                .collect(Collectors.joining());
    }

    @Test
    void logprobs() {
        ChatCompletion.Choice choice =
                ask(question().maxTokens(6).logprobs(true).topLogprobs(3));
        var tokens = choice.logprobs().orElseThrow().content().orElseThrow();
        assertThat(tokens).hasSize(6).allSatisfy(token -> {
            assertThat(token.logprob()).isNegative();
            assertThat(token.topLogprobs()).hasSize(3);
            // At temperature 0 the likeliest token is taken.
            assertThat(token.topLogprobs().get(0).logprob()).isEqualTo(token.logprob());
            assertThat(token.topLogprobs().get(2).logprob()).isLessThanOrEqualTo(token.logprob());
        });
        byte[] bytes = new byte[64];
        int length = 0;
        for (var token : tokens) {
            for (long next : token.bytes().orElseThrow()) {
                bytes[length++] = (byte) next;
            }
        }
        assertThat(new String(bytes, 0, length, StandardCharsets.UTF_8).strip())
                .isEqualTo(text(choice).strip());
    }

    @Test
    void stopString() {
        ChatCompletion.Choice choice = ask(question().stop("リスト"));
        assertThat(text(choice)).isEqualTo(RunningServer.ANSWER.substring(0, RunningServer.ANSWER.indexOf("リスト")));
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    }

    @Test
    void seed() {
        String first = text(ask(question().temperature(1.5).maxTokens(20).seed(7)));
        assertThat(text(ask(question().temperature(1.5).maxTokens(20).seed(7)))).isEqualTo(first);
        assertThat(text(ask(question().temperature(1.5).maxTokens(20).seed(8)))).isNotEqualTo(first);
    }

    @Test
    void models() {
        assertThat(client.models().list().data())
                .extracting(model -> model.id())
                .containsExactly("demo");
        assertThat(client.models().retrieve("demo").id()).isEqualTo("demo");
    }

    @Test
    void errors() {
        OpenAIClient stranger = client("another key");
        var refused = catchThrowableOfType(
                UnauthorizedException.class,
                () -> stranger.chat().completions().create(question().build()));
        stranger.close();
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.code()).contains("invalid_api_key");
        var unknown = catchThrowableOfType(
                NotFoundException.class, () -> ask(question().model("none")));
        assertThat(unknown.code()).contains("model_not_found");
        var wrong = catchThrowableOfType(
                BadRequestException.class, () -> ask(question().temperature(-1)));
        assertThat(wrong.param()).contains("temperature");
        assertThat(wrong.type()).contains("invalid_request_error");
        var misspelt = catchThrowableOfType(
                BadRequestException.class,
                () -> stream(question().putAdditionalBodyProperty("temprature", JsonValue.from(1))));
        assertThat(misspelt.param()).contains("temprature");
        assertThat(misspelt.getMessage()).contains("did you mean temperature");
    }

    @Test
    void abort() {
        Map<String, Double> before = server.outcomes();
        int n = RunningServer.LONG_CHOICES;
        ChatCompletionCreateParams.Builder question = question()
                .n(n)
                .maxTokens(RunningServer.LONG_TOKENS)
                .putAdditionalBodyProperty("logit_bias", JsonValue.from(Map.of(RunningServer.END_OF_TEXT, -100)));
        try (StreamResponse<ChatCompletionChunk> response =
                client.chat().completions().createStreaming(question.build())) {
            Iterator<ChatCompletionChunk> chunks = response.stream().iterator();
            assertThat(chunks.next().choices()).hasSize(1);
        }
        assertThat(server.awaitOutcomes(before, n)).containsEntry("cancelled", (double) n);
        assertThat(server.gauge("jllm_requests_running")).isZero();
    }
}
