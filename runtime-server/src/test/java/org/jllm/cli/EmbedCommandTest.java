package org.jllm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.jllm.embedding.TinyEncoder.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jllm.cli.CommandLines.Outcome;
import org.jllm.embedding.TinyEncoder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private String model;

    @BeforeEach
    void write() throws IOException {
        model = TinyEncoder.write(folder.resolve("model"), "bert_mlm").toString();
    }

    private static List<JsonNode> rows(String lines) {
        return lines.lines()
                .map(line -> {
                    try {
                        return JSON.readTree(line);
                    } catch (IOException e) {
                        throw new AssertionError(line, e);
                    }
                })
                .toList();
    }

    private static Outcome embed(Object... arguments) {
        return CommandLines.run(
                Stream.concat(Stream.of("embed"), Arrays.stream(arguments).map(Object::toString))
                        .toArray(String[]::new));
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), List.of(lines));
    }

    @Test
    void vectorsAreTheMeansOfTheGoldenCase() throws IOException {
        JsonNode golden =
                JSON.readTree(TinyEncoder.GOLDEN.resolve("bert_mlm/golden.json").toFile());
        List<String> texts = new ArrayList<>();
        golden.at("/inputs/prompts").forEach(prompt -> {
            JsonNode ids = prompt.path("input_ids");
            texts.add(text(IntStream.range(1, ids.size() - 1)
                    .map(i -> ids.get(i).intValue())
                    .toArray()));
        });
        Outcome outcome = embed(model, texts.get(0), texts.get(1));
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        List<JsonNode> rows = rows(outcome.out());
        assertThat(rows).extracting(row -> row.path("index").intValue()).containsExactly(0, 1);
        for (int i = 0; i < 2; i++) {
            JsonNode expected = golden.at("/expected/prompts/" + i + "/mean_pooled");
            JsonNode vector = rows.get(i).path("embedding");
            assertThat(vector).hasSize(expected.size());
            for (int k = 0; k < vector.size(); k++) {
                assertThat(vector.get(k).doubleValue())
                        .isCloseTo(expected.get(k).doubleValue(), within(2e-4));
            }
        }
    }

    @Test
    void brokenLinesAreToldWithTheirNumber() throws IOException {
        Path input = file(
                "in.jsonl", "{\"t\": \"" + text(9) + "\"}", "{\"t\": ", "{\"u\": 1}", "{\"t\": \"" + text(9) + "\"}");
        Outcome outcome = embed(model, "--input", input, "--field", "t");
        assertThat(outcome.code()).isOne();
        List<JsonNode> rows = rows(outcome.out());
        assertThat(rows).extracting(row -> row.path("index").intValue()).containsExactly(0, 3);
        assertThat(rows.get(0).path("embedding")).isEqualTo(rows.get(1).path("embedding"));
        assertThat(outcome.err().lines())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("jllm: line 2: is not JSON"),
                        second -> assertThat(second).isEqualTo("jllm: line 3: has no field 't'"),
                        last -> assertThat(last).isEqualTo("jllm: 2 texts are without a vector"));
        Outcome strict = embed(model, "--input", input, "--field", "t", "--strict");
        assertThat(strict.code()).isOne();
        assertThat(rows(strict.out())).hasSize(1);
        assertThat(strict.err()).hasLineCount(1);
    }

    @Test
    void columnsBecomeAnArray() throws IOException {
        Path input = file("in.csv", "id,a,b", "1," + text(9) + ",x", "2", "3,\"" + text(9, 10) + "\"," + text(11));
        Path output = folder.resolve("v.npy");
        Outcome outcome = embed(model, "--input", input, "--column", "a", "--output", output, "--dimensions", "4");
        assertThat(outcome.code()).isOne();
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("line 3: has 1 columns, and 'a' is the 2. one");
        ByteBuffer array = ByteBuffer.wrap(Files.readAllBytes(output)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(array.capacity()).isEqualTo(128 + 3 * 4 * 4);
        assertThat(array.getFloat(128 + 16)).isNaN();
        JsonNode last = rows(embed(model, text(9, 10)).out()).get(0).path("embedding");
        assertThat(array.getFloat(128 + 32 + 8)).isCloseTo(last.get(2).floatValue(), within(1e-5f));
        Outcome again = embed(model, "--input", input, "--column", "a", "--output", output, "--resume");
        assertThat(again.err()).isEqualTo(output + " is complete\n");
    }

    @Test
    void textsThatAreCutAreTold() throws IOException {
        Outcome outcome = embed(model, "--input", file("in.txt", text(9), text(9).repeat(70), text(9).repeat(80)));
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err())
                .isEqualTo("warning: 2 texts are longer than 64 tokens, cut to that; the first is line 2\n");
        assertThat(rows(outcome.out()))
                .extracting(row -> row.path("truncated").asBoolean())
                .containsExactly(false, true, true);
    }

    @Test
    void emptyUnknownAndEndlessTextsHaveVectors() throws IOException {
        Outcome outcome = embed(model, "--input", file("in.txt", "", "𝄞𝄞", "あ".repeat(350_000)), "--normalize");
        assertThat(outcome.code()).isZero();
        for (JsonNode row : rows(outcome.out())) {
            double squares = 0;
            for (JsonNode value : row.path("embedding")) {
                squares += value.doubleValue() * value.doubleValue();
            }
            assertThat(squares).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void promptsAndKindsAreOfTheFolder() throws IOException {
        Path files = TinyEncoder.writeSentenceFolder(folder.resolve("st"), "bert_mlm", "{}");
        Files.writeString(
                files.resolve("config_sentence_transformers.json"),
                "{\"prompts\": {\"query\": \"" + text(40) + "\", \"passage\": \"" + text(41) + "\"}}");
        String plain = embed(files, text(9)).out();
        String query = embed(files, text(40, 9)).out();
        assertThat(embed(files, text(9), "--query").out()).isEqualTo(query).isNotEqualTo(plain);
        assertThat(embed(files, text(9), "--prompt", text(40)).out()).isEqualTo(query);
        assertThat(embed(files, text(9), "--prompt-name", "query").out()).isEqualTo(query);
        assertThat(embed(files, text(9), "--document").out())
                .isEqualTo(embed(files, text(41, 9)).out());
        Outcome unknown = embed(files, text(9), "--prompt-name", "title");
        assertThat(unknown.err()).isEqualTo("jllm: the model has no prompt 'title'; there are: query, passage\n");
    }

    @Test
    void whatDoesNotGoTogetherIsOneLine() {
        for (List<String> wrong : List.of(
                List.of("x", "--input", "f"),
                List.of("--query", "--document", "x"),
                List.of("--resume", "x"),
                List.of("--format", "parquet", "x"),
                List.of("--format", "npy", "x"),
                List.of("--late-interaction", "x"),
                List.of("--query", "--prompt", "x", "x"),
                List.of("--dimensions", "33", "x"),
                List.of("--input", "missing.txt"),
                List.of("--output", folder.resolve("no/folder.jsonl").toString(), "x"),
                List.of("--output", folder.toString(), "x"))) {
            Outcome outcome =
                    embed(Stream.concat(Stream.of(model), wrong.stream()).toArray());
            assertThat(outcome.code()).as(wrong.toString()).isNotZero();
            assertThat(outcome.err()).as(wrong.toString()).hasLineCount(1).doesNotContain("unexpected");
            assertThat(outcome.out()).isEmpty();
        }
    }

    /** A process that is killed in the middle leaves a file that the next one completes to what one alone writes. */
    @Test
    void aKilledRunIsContinued() throws Exception {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            lines.add(
                    i % 1_000 == 999
                            ? "{broken"
                            : "{\"t\":\""
                                    + text(random.ints(1 + random.nextInt(40), 5, 96)
                                            .toArray()) + "\"}");
        }
        Path input = Files.write(folder.resolve("in.jsonl"), lines);
        Path output = folder.resolve("out.jsonl");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.jllm.cli.Main",
                        "embed",
                        model,
                        "--input",
                        input.toString(),
                        "--field",
                        "t")
                .redirectError(folder.resolve("log").toFile())
                .start();
        // As a shell's redirection would have it: the last line is cut somewhere.
        Files.write(output, process.getInputStream().readNBytes(1_000_003));
        process.destroyForcibly().waitFor();
        assertThat(Files.size(output))
                .as(Files.readString(folder.resolve("log")))
                .isEqualTo(1_000_003);

        Outcome resumed = embed(model, "--input", input, "--field", "t", "--output", output, "--resume");
        assertThat(resumed.code()).as(resumed.err()).isOne();
        assertThat(resumed.err()).contains("going on behind the ");
        List<JsonNode> rows = rows(Files.readString(output));
        assertThat(rows)
                .extracting(row -> row.path("index").intValue())
                .containsExactlyElementsOf(IntStream.range(0, 30_000)
                        .filter(i -> i % 1_000 != 999)
                        .boxed()
                        .toList());

        Outcome other =
                embed(model, "--input", input, "--field", "t", "--output", output, "--resume", "--prompt", text(30));
        assertThat(other.code()).isOne();
        assertThat(other.err()).contains("it was written from another input, by another model or with other settings");
        Outcome complete = embed(model, "--input", input, "--field", "t", "--output", output, "--resume");
        assertThat(complete.err()).as("the last line is broken still").contains("line 30000: is not JSON");
        assertThat(rows(Files.readString(output))).hasSize(rows.size());
    }

    @Test
    void tokensHaveVectorsOfTheirOwn() throws IOException {
        JsonNode expected = TinyEncoder.expectations().path("colbert");
        String colbert = TinyEncoder.writeColbert(
                        folder.resolve("colbert"), "bert_model_pooler", expected.path("metadata"))
                .toString();
        List<String> documents = new ArrayList<>();
        expected.path("documents").forEach(text -> documents.add(text.textValue()));
        String query = expected.path("queries").get(0).textValue();
        Outcome outcome = embed(colbert, "--late-interaction", "--query", query);
        JsonNode vectors = rows(outcome.out()).get(0).path("embedding");
        JsonNode wanted = expected.path("query").get(0);
        assertThat(vectors).hasSize(12);
        for (int token = 0; token < 12; token++) {
            for (int i = 0; i < 8; i++) {
                assertThat(vectors.get(token).get(i).doubleValue())
                        .isCloseTo(wanted.get(token).get(i).doubleValue(), within(1e-5));
            }
        }
        Path output = folder.resolve("tokens.csv");
        assertThat(embed(colbert, "--late-interaction", documents.get(0), "--output", output)
                        .code())
                .isZero();
        assertThat(Files.readAllLines(output).get(1)).startsWith("0,0,");
        assertThat(Files.readAllLines(output))
                .hasSize(1 + expected.path("document").get(0).size());

        Outcome ranked = CommandLines.run(
                "rerank", colbert, query, documents.get(0), documents.get(1), documents.get(2), "--json");
        for (JsonNode document : rows(ranked.out())) {
            assertThat(document.path("score").doubleValue())
                    .isCloseTo(
                            expected.at("/scores/0/" + document.path("index").intValue())
                                    .doubleValue(),
                            within(1e-4));
        }
        assertThat(embed(colbert, query).err()).contains("makes a vector of each token: give --late-interaction");
        assertThat(embed(colbert, "--late-interaction", query, "--output", folder.resolve("v.npy"))
                        .err())
                .contains("token vectors are written as jsonl or csv");
    }

    @Test
    void documentsAreSorted() throws IOException {
        Path input = file("docs.txt", text(40, 41), text(9, 10), text(9, 11));
        Outcome outcome = CommandLines.run("rerank", model, text(9, 10), "--input", input.toString());
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().lines()).hasSize(3).first().isEqualTo("1.0000  " + text(9, 10));
        Outcome json = CommandLines.run("rerank", model, text(9, 10), text(40), text(9, 10), "--json", "--top", "1");
        JsonNode best = JSON.readTree(json.out());
        assertThat(best.path("index").intValue()).isOne();
        assertThat(best.path("score").doubleValue()).isCloseTo(1, within(1e-6));
        assertThat(CommandLines.run("rerank", model, text(9), text(10), "--input", "f")
                        .code())
                .isOne();
    }

    /** What an earlier run has written stays where this one cannot begin. */
    @Test
    void wrongOptionsLeaveTheOutputAlone() throws IOException {
        Path output = Files.writeString(folder.resolve("v.jsonl"), "{}\n");
        assertThat(embed(model, "x", "--output", output, "--dimensions", "33").code())
                .isOne();
        assertThat(embed(model, "x", "--output", output, "--prompt-name", "none")
                        .code())
                .isOne();
        assertThat(output).hasContent("{}\n");
    }

    @Test
    void textsAreMeasuredFromTextToVector() throws IOException {
        Path input = file("in.txt", text(9, 10, 11), text(12), text(13, 14));
        Outcome outcome = CommandLines.run("bench", model, "--texts", input.toString(), "--repeat", "1", "--json");
        JsonNode figures = JSON.readTree(outcome.out());
        assertThat(figures.path("sentences").intValue()).isEqualTo(3);
        assertThat(figures.path("tokens").intValue()).isEqualTo(6 + 2 * 3);
        assertThat(figures.path("sentences_per_second").doubleValue()).isPositive();
        assertThat(CommandLines.run("bench", model, "--texts", "missing.txt").err())
                .hasLineCount(1);
    }

    @Test
    void standardInputIsReadToItsEnd() throws IOException {
        InputStream before = System.in;
        try (InputStream in = Files.newInputStream(file("in.txt", text(9), text(10)))) {
            System.setIn(in);
            assertThat(rows(embed(model, "--format", "jsonl").out())).hasSize(2);
        } finally {
            System.setIn(before);
        }
    }
}
