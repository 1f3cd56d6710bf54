package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jllm.Jllm;
import org.jllm.api.LoadOptions;
import org.jllm.cli.CommandLines.Outcome;
import org.jllm.server.Server;
import org.jllm.server.ServerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that find and explain models. */
class FindingTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static Outcome jllm(String... arguments) {
        return CommandLines.run(arguments);
    }

    private static List<JsonNode> list(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("list", "--json"));
        all.addAll(List.of(arguments));
        List<JsonNode> rows = new ArrayList<>();
        MAPPER.readTree(jllm(all.toArray(String[]::new)).out()).forEach(rows::add);
        return rows;
    }

    @Test
    void filtersChooseAmongTheModels() throws IOException {
        assertThat(list()).hasSize(253);
        assertThat(list("--task", "chat", "--size", "<8b"))
                .hasSizeGreaterThan(20)
                .allSatisfy(row -> assertThat(row.path("tasks").toString()).contains("\"chat\""))
                .extracting(row -> row.path("size").asText())
                .contains("7b", "3.6b")
                .doesNotContain("13b", "70b", "8b");
        assertThat(list("--task", "embedding,fill-mask")).hasSizeGreaterThan(50);
        assertThat(list("--license", "commercial"))
                .extracting(row -> row.path("commercial").asText())
                .containsOnly("yes", "conditional");
        assertThat(list("--family", "swallow"))
                .hasSize(11)
                .allSatisfy(row -> assertThat(row.path("family").asText()).startsWith("Swallow"));
        assertThat(list("--installed"))
                .extracting(row -> row.path("id").asText())
                .contains("demo");
        assertThat(list("--task", "chat", "--size", ">1000b")).isEmpty();
        assertThat(jllm("list", "--size", ">1000b").err()).contains("no model");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--size; small; <8b, >=1.3b, 7b or 1b..8b",
                "--task; chatt; did you mean chat?",
                "--task; qq; tasks are chat",
            })
    void aWrongFilterIsWrongUsage(String flag, String value, String message) {
        Outcome outcome = jllm("list", flag, value);
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).hasLineCount(1).contains(flag + ": ").contains(message);
    }

    @Test
    void searchFindsByWords() {
        assertThat(jllm("search", "ELYZA 7B instruct").out().lines().skip(1).findFirst())
                .hasValueSatisfying(line -> assertThat(line).startsWith("elyza-7b-instruct "));
        Outcome nothing = jllm("search", "elyza", "xyzzy");
        assertThat(nothing.code()).isOne();
        assertThat(nothing.err()).hasLineCount(1).contains("elyza xyzzy");
    }

    @Test
    void showTellsWhatToDoNext() throws IOException {
        String elyza = jllm("show", "elyza-7b-instruct").out();
        assertThat(elyza)
                .contains("elyza/ELYZA-japanese-Llama-2-7b-instruct", "elyza-llama2", "answers messages")
                .contains("Llama 2 Community License: commercial use with conditions, https://")
                .contains("float32", "bfloat16", "DISK", "MEMORY", "26 GiB")
                .containsPattern("(?m)^runs +yes, on transformers$")
                .containsPattern("(?m)^next +\\S");
        JsonNode karakuri = MAPPER.readTree(
                jllm("show", "karakuri-ai/karakuri-lm-70b-chat-v0.1", "--json").out());
        JsonNode bfloat16 = karakuri.path("memory").path(1);
        assertThat(bfloat16.path("dtype").asText()).isEqualTo("bfloat16");
        assertThat(bfloat16.path("weights").longValue()).isEqualTo(140_000_000_000L);
        assertThat(bfloat16.path("total").longValue()).isGreaterThan(141_000_000_000L);
        assertThat(karakuri.path("memory").findValuesAsText("engine")).contains("gguf");
        assertThat(jllm("show", "jsdxl").out()).contains("no: it draws images");
    }

    @Test
    void showReadsTheFilesThatAreHere() throws IOException {
        String demo = jllm("show", "demo").out();
        assertThat(demo).contains("5,963,008 parameters", "256 tokens", "jllm run demo", "float16");
        JsonNode memory = MAPPER.readTree(jllm("show", "demo", "--json").out())
                .path("memory")
                .path(0);
        assertThat(memory.path("estimated").booleanValue()).isFalse();
        assertThat(memory.path("weights").longValue()).isEqualTo(4 * 5_963_008L);
        assertThat(memory.path("context").intValue()).isEqualTo(256);
        assertThat(memory.path("fits").booleanValue()).isTrue();
    }

    @Test
    void psAsksARunningServer() throws IOException {
        ServerConfig config =
                new ServerConfig("127.0.0.1", 0, "a key", false, List.of(), 4 << 20, null, Duration.ofSeconds(5));
        try (Server server = Server.start(
                config, Jllm.ofUser(), List.of("demo"), LoadOptions.none(), 1L << 30, Duration.ofMinutes(1))) {
            String url = server.address();
            assertThat(jllm("ps", "--url", url, "--api-key", "a key").err()).contains("no model is in memory");
            assertThat(jllm("ps", "--url", url, "--json", "--api-key", "a key").out())
                    .contains("\"models\" : [ ]");
            Outcome locked = jllm("ps", "--url", url);
            assertThat(locked.code()).isOne();
            assertThat(locked.err()).hasLineCount(1).contains("401").contains("needs an API key");
        }
    }

    @Test
    void psSaysWhereNoServerIs() {
        assertThat(jllm("ps", "--url", "nowhere").code()).isEqualTo(2);
        assertThat(jllm("ps", "--url", "ftp://localhost").code()).isEqualTo(2);
        // Port 1 is reserved, and nothing listens there.
        Outcome outcome = jllm("ps", "--url", "http://127.0.0.1:1");
        assertThat(outcome.code()).isOne();
        assertThat(outcome.err()).hasLineCount(1).contains("no server answers").contains("jllm serve");
    }
}
