package org.jllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.api.JllmException;
import org.jllm.api.Message;
import org.jllm.tokenizer.MarkedText;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Goldens were made with Transformers 5.18 on Jinja2 3.1.6. */
class ChatTemplateGoldenTest {
    @TestFactory
    Stream<DynamicTest> templates() throws IOException {
        JsonNode goldens = read("templates.json");
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode template : goldens.get("templates")) {
            int number = 0;
            for (JsonNode golden : template.get("cases")) {
                String name = template.get("name").asText() + " " + number++;
                tests.add(DynamicTest.dynamicTest(
                        name, () -> check(template.get("template").asText(), golden, golden.get("messages"), goldens)));
            }
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> expressions() throws IOException {
        JsonNode goldens = read("expressions.json");
        return StreamSupport.stream(goldens.get("expressions").spliterator(), false)
                .map(golden -> DynamicTest.dynamicTest(
                        golden.get("template").asText().replace('\n', '␤'),
                        () -> check(golden.get("template").asText(), golden, goldens.get("messages"), goldens)));
    }

    private static void check(String template, JsonNode golden, JsonNode messages, JsonNode goldens) {
        Map<String, String> roles = new HashMap<>();
        goldens.get("tokens")
                .properties()
                .forEach(token -> roles.put(token.getKey(), token.getValue().asText()));
        Clock clock =
                Clock.fixed(LocalDateTime.parse(goldens.get("now").asText()).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
        PromptTokens tokens = new PromptTokens(roles, Set.of("<think>", "</think>", "[INST]"));
        MarkedText prompt;
        try {
            prompt = ChatTemplate.parse(template, "the test", tokens, clock).render(messages(messages));
        } catch (JllmException e) {
            if (golden.has("expected")) {
                throw e;
            } else if (golden.has("raises")) {
                assertThat(e)
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageEndingWith(": " + golden.get("raises").asText());
            } else if (golden.get("fails").asText().startsWith("TemplateSyntaxError")) {
                assertThat(e).isInstanceOf(InvalidModelException.class).hasMessageContaining("line 1");
            } else {
                assertThat(e).isInstanceOf(InvalidRequestException.class);
            }
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(golden.has("expected")).as(golden + " but " + prompt.text()).isTrue();
        assertThat(prompt.text()).isEqualTo(golden.get("expected").asText());
    }

    private static List<Message> messages(JsonNode messages) {
        List<Message> result = new ArrayList<>();
        messages.forEach(message -> result.add(new Message(
                Message.Role.valueOf(message.get("role").asText().toUpperCase(Locale.ROOT)),
                message.get("content").asText())));
        return result;
    }

    private static JsonNode read(String name) throws IOException {
        try (InputStream in = ChatTemplateGoldenTest.class.getResourceAsStream("/prompt-goldens/" + name)) {
            return new ObjectMapper().readTree(in);
        }
    }
}
