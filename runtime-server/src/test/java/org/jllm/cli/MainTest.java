package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jllm.cli.CommandLines.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines as a user types them. */
class MainTest {
    private static final String GOLDEN = "../runtime-core/src/test/resources/golden/";
    private static final String ANSWER = "ls は「ディレクトリの内容をリスト表示する」ためのコマンドです。\n";

    private static Outcome jllm(String... arguments) {
        return CommandLines.run(arguments);
    }

    private static Outcome withInput(String input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return jllm(arguments);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void runPrintsTheAnswerAndNothingElse() {
        Outcome outcome = jllm("run", "demo", "ls は何をするコマンドですか？");
        assertThat(outcome).isEqualTo(new Outcome(0, ANSWER, ""));
    }

    @Test
    void thePromptMayComeFromStandardInput() {
        assertThat(withInput("ls は何をするコマンドですか？\n", "run", "demo").out()).isEqualTo(ANSWER);
        Outcome nothing = withInput("", "run", "demo");
        assertThat(nothing.code()).isOne();
        assertThat(nothing.err()).contains("there is no prompt");
    }

    @Test
    void anInteractiveRunAnswersEachLine() {
        Outcome outcome = withInput("ls は何をするコマンドですか？\n/clear\nls は何をするコマンドですか？\n", "run", "demo", "-i");
        assertThat(outcome)
                .isEqualTo(new Outcome(0, ANSWER + ANSWER, "forgotten; the system message and the settings stay\n"));
        Outcome mistaken = withInput("/nonsense\nls は何をするコマンドですか？\n", "run", "demo", "-i");
        assertThat(mistaken.out()).isEqualTo(ANSWER);
        assertThat(mistaken.err()).startsWith("jllm: there is no command /nonsense");
        assertThat(mistaken.code()).isOne();
        assertFailure(jllm("run", "demo", "x", "-i"), 2, "--interactive");
    }

    @Test
    void theCatalogueGivesTemplateAndSystemMessage(@TempDir Path folder) throws IOException {
        Path catalogue = folder.resolve("models.yaml");
        String model =
                ", size: 6m, embedded: manpage-ja-6m, load: {chat_template: plain}, generation: {temperature: 0}";
        Files.writeString(catalogue, """
                families:
                  - {family: f, section: s, developer: d, architecture: llama, loader: transformers, tasks: [chat],
                     license: l, models: [{id: without%s}, {id: with, system: grep grep grep%s}]}
                """.formatted(model, model));
        System.setProperty("jllm.models", catalogue.toString());
        try {
            String[] flags = {"--max-tokens", "1", "--stats"};
            int without = promptTokens(jllm("run", "without", "ls", flags[0], flags[1], flags[2]));
            assertThat(promptTokens(jllm("run", "with", "ls", flags[0], flags[1], flags[2])))
                    .isGreaterThan(without + 2);
            assertThat(promptTokens(jllm("run", "with", "ls", "--system", "ls", flags[0], flags[1], flags[2])))
                    .isBetween(without + 1, without + 3);
        } finally {
            System.clearProperty("jllm.models");
        }
    }

    @Test
    void aCatalogueAddsModelsToEveryCommandThatTakesOne(@TempDir Path folder) throws IOException {
        Path own = Files.writeString(folder.resolve("own.yaml"), """
                models:
                  - id: demo
                    aliases: [mine]
                    note: all mine
                """);
        String[] flag = {"--catalogue", own.toString()};
        assertThat(jllm("run", "mine", "ls は何をするコマンドですか？", flag[0], flag[1]).out())
                .isEqualTo(ANSWER);
        assertThat(jllm("list", "--json", flag[0], flag[1]).out()).contains("\"mine\"");
        assertThat(jllm("show", "mine", flag[0], flag[1]).code()).isZero();
        assertThat(withInput("ls\n", "tokenize", "mine", flag[0], flag[1]).code())
                .isZero();
        assertThat(jllm("bench", "--help").out()).contains("--catalogue");
        assertThat(jllm("serve", "--help").out()).contains("--catalogue");
        assertFailure(jllm("show", "mine"), 1, "no model goes by the name 'mine'");
        Files.writeString(own, "models: [{id: demo, nots: x}]");
        assertFailure(jllm("list", flag[0], flag[1]), 1, own + ":1: unknown key 'nots' in a model; did you mean note");
    }

    private static int promptTokens(Outcome outcome) {
        assertThat(outcome.err()).contains(" prompt tokens");
        return Integer.parseInt(outcome.err().substring(0, outcome.err().indexOf(' ')));
    }

    @Test
    void aFailingOutputTellsWhyUnlessTheReaderHasGone() {
        assertThat(failure("No space left on device"))
                .contains("cannot write to standard output: No space left on device");
        assertThat(failure("Broken pipe")).isEmpty();
        assertThat(new StandardOutput(new ByteArrayOutputStream()).failure()).isEmpty();
    }

    private static Optional<String> failure(String reason) {
        StandardOutput output = new StandardOutput(new OutputStream() {
            @Override
            public void write(int next) throws IOException {
                throw new IOException(reason);
            }
        });
        PrintStream out = new PrintStream(output);
        out.print("x");
        assertThat(out.checkError()).isTrue();
        return output.failure();
    }

    @Test
    void flagsReachTheSampler() {
        assertThat(jllm("run", "demo", "grep", "--max-tokens", "3", "--stats").err())
                .contains("3 generated")
                .contains("length");
        assertThat(jllm("run", "demo", "grep", "--stop", "パターン").out()).isEqualTo("grep は「\n");
        String first =
                jllm("run", "demo", "grep", "--temperature", "2", "--seed", "5").out();
        assertThat(jllm("run", "demo", "grep", "--temperature", "2", "--seed", "5")
                        .out())
                .isEqualTo(first)
                .isNotEqualTo(jllm("run", "demo", "grep", "--temperature", "2", "--seed", "6")
                        .out());
    }

    @Test
    void aTemplateCanBeForced(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("own.jinja"), "{{ bos_token }}{{ messages[0]['content'] }}");
        String plain = jllm("run", "demo", "ls は", "--chat-template", file.toString(), "--max-tokens", "5")
                .out();
        assertThat(plain)
                .isNotBlank()
                .isNotEqualTo(jllm("run", "demo", "ls は", "--max-tokens", "5").out());
        assertFailure(jllm("run", "demo", "ls は", "--chat-template", "nonsense"), 1, "nonsense", "llama-2", "plain");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--temperature=abc", "--top-p=7", "--max-tokens=0", "--threads=-1", "--dtype=int3", "--stop="})
    void aFlagOutOfRangeIsWrongUsage(String flag) {
        assertFailure(
                jllm("run", "demo", "grep", flag),
                2,
                flag.substring(2, flag.indexOf('=')).replace('-', '_').substring(0, 3));
    }

    @Test
    void usageErrorsAreOneLine() {
        assertFailure(jllm(), 2, "COMMAND");
        assertFailure(jllm("run"), 2, "MODEL");
        assertFailure(jllm("dance"), 2, "dance");
        assertFailure(jllm("run", "demo", "a", "b"), 2, "b");
        assertFailure(jllm("bench"), 2, "--random");
        assertFailure(jllm("run", "demo", "x", "--no-such-flag"), 2, "--no-such-flag");
    }

    @Test
    void failuresSayWhatToDo(@TempDir Path folder) {
        assertFailure(jllm("run", "demos", "x"), 1, "demos", "demo");
        assertFailure(jllm("run", folder.toString(), "x"), 1, folder.toString());
        assertFailure(jllm("run", "demo", "x", "--engine", "onnx"), 1, "onnx");
        assertFailure(jllm("run", "demo", "x", "--device", "cuda:0"), 1, "cuda:0");
        assertFailure(jllm("run", "demo", "x", "--context", "100000"), 1, "256");
        assertFailure(jllm("run", "demo", "x", "--cache-bytes", "10KiB"), 1, "cache_bytes");
        assertFailure(jllm("run", "demo", "x", "--pack-bytes", "some"), 2, "pack_bytes must be a number of bytes");
        assertFailure(jllm("run", "demo", "x", "--lora", "a.gguf"), 1, "lora");
        assertFailure(jllm("run", "demo", "x", "--lora", "=1"), 2, "--lora");
        assertFailure(jllm("bench", "--random", "llama:999t"), 1, "llama:1.1b");
    }

    @Test
    void verifyPrintsARowForEachCase() {
        Outcome passing = jllm("verify", GOLDEN + "llama_mha", GOLDEN + "mistral_sliding");
        assertThat(passing.code()).isZero();
        assertThat(passing.out()).containsPattern("llama_mha +\\S+ +2.0e-04 +PASS");
        assertThat(passing.out().lines()).hasSize(3);
    }

    @Test
    void verifyFailsUnlessAllPass(@TempDir Path folder) throws IOException {
        copy(Path.of(GOLDEN + "llama_mha"), folder.resolve("unknown"), "config.json", "\"llama\"", "\"alien\"");
        copy(
                Path.of(GOLDEN + "llama_mha"),
                folder.resolve("wrong"),
                "golden.json",
                "\"greedy_ids\":[47",
                "\"greedy_ids\":[46");
        copy(Path.of(GOLDEN + "llama_mha"), folder.resolve("off"), "golden.json", "-0.17388608", "-0.17488608");
        Outcome unknown = jllm("verify", folder.resolve("unknown").toString());
        assertThat(unknown.code()).isOne();
        assertThat(unknown.out()).contains("UNSUPPORTED");
        assertThat(unknown.err()).contains("alien").contains("known are ").contains("llama");
        Outcome wrong = jllm("verify", folder.resolve("wrong").toString());
        assertThat(wrong.code()).isOne();
        assertThat(wrong.out()).contains("FAIL");
        assertThat(wrong.err()).contains("greedy_ids");
        assertThat(jllm("verify", folder.resolve("off").toString()).out()).contains("FAIL");
        Outcome skipped = jllm("verify", folder.toString());
        assertThat(skipped.code()).isOne();
        assertThat(skipped.err()).contains("skipped").contains("nothing to verify");
    }

    private static void copy(Path from, Path to, String file, String old, String changed) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path each : files.toList()) {
                Files.copy(each, to.resolve(each.getFileName()));
            }
        }
        String text = Files.readString(to.resolve(file));
        assertThat(text).contains(old);
        Files.writeString(to.resolve(file), text.replace(old, changed));
    }

    @Test
    void listAndShowAreReadableByPrograms() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode list = mapper.readTree(jllm("list", "--json").out());
        assertThat(list).isNotEmpty();
        for (JsonNode entry : list) {
            assertThat(entry.fieldNames())
                    .toIterable()
                    .contains("id", "aliases", "family", "section", "developer", "architecture", "loader")
                    .contains("tasks", "license", "template", "context", "size", "state");
        }
        JsonNode demo = mapper.readTree(jllm("show", "demo", "--json").out());
        assertThat(demo.path("parameters").longValue()).isEqualTo(5_963_008);
        assertThat(demo.path("context").intValue()).isEqualTo(256);
        assertThat(demo.path("tokenizer").asText()).isEqualTo("LlamaTokenizer");
        assertThat(demo.path("tokenizedBy").asText())
                .startsWith("LlamaTokenizer over ")
                .endsWith("(tokenizer_class in tokenizer_config.json)");
        assertThat(demo.path("template").asText()).isEqualTo("chat_template");
        assertThat(jllm("show", GOLDEN + "qwen2").out()).contains("qwen2").contains("F32");
        assertThat(jllm("list").out()).contains("demo");
    }

    @Test
    void whatFollowsAFlagIsItsValueOnlyIfItIsOne() {
        assertThat(jllm("run", "--ignore-memory", "demo", "--max-tokens", "1", "a")
                        .code())
                .isZero();
        assertThat(jllm("run", "--mlock", "false", "demo", "--max-tokens", "1", "a")
                        .code())
                .isZero();
    }

    @Test
    void convertWritesAModelThatAnswersTheSame(@TempDir Path folder) {
        Path out = folder.resolve("new");
        Outcome outcome = jllm("convert", "demo", "-o", out.toString());
        assertThat(outcome.out())
                .startsWith(out + ": ")
                .endsWith(" in model.safetensors, read back and equal\n")
                .hasLineCount(1);
        assertThat(outcome.err()).isEmpty();
        assertThat(jllm("run", out.toString(), "--chat-template", "plain", "--temperature", "0", "ls は何をするコマンドですか？")
                        .out())
                .isEqualTo(ANSWER);
        assertFailure(jllm("convert", "demo", "-o", out.toString()), 1, out + " is not empty");
        assertFailure(jllm("convert", "demo"), 2, "--output");
        assertFailure(jllm("convert", folder.toString(), "-o", folder + "/x"), 1, "no weights");
    }

    @Test
    void tokenizeGivesIdsForEachLine() throws IOException {
        assertThat(withInput("ls\nこんにちは。\n", "tokenize", "demo").out().lines())
                .hasSize(2)
                .allMatch(line -> line.matches("1( \\d+)+"));
        JsonNode row = new ObjectMapper()
                .readTree(withInput("ls", "tokenize", "demo", "--json").out());
        assertThat(row.path("tokens").path(0).asText()).isEqualTo("<s>");
        assertThat(withInput("ls", "tokenize", "demo", "--no-special-tokens").out())
                .doesNotStartWith("1 ");
    }

    @Test
    void benchMeasures() throws IOException {
        Outcome outcome = jllm("bench", "demo", "--prompt-tokens", "20", "--generate", "5", "--repeat", "1", "--json");
        JsonNode figures = new ObjectMapper().readTree(outcome.out());
        assertThat(figures.path("prefill_tokens_per_second").doubleValue()).isPositive();
        assertThat(figures.path("decode_tokens_per_second").doubleValue()).isPositive();
        assertFailure(jllm("bench", "demo", "--prompt-tokens", "300"), 1, "256");
    }

    @Test
    void doctorNamesTheLibraries() {
        Outcome outcome = jllm("doctor");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("libtorch 2.7.1").contains("cache").contains("Java");
    }

    private static void assertFailure(Outcome outcome, int code, String... words) {
        assertThat(outcome.err().strip().lines()).hasSize(1);
        assertThat(outcome.err()).startsWith("jllm: ").contains(words);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.code()).isEqualTo(code);
    }
}
