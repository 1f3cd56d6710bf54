package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Encodes a million characters of Japanese, line by line, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class SentencePieceBenchmark {
    private static final int CHARACTERS = 1_000_000;
    private static final Path CASE = Path.of("src/test/resources/golden-tokenizers/own-llama-bpe");

    /** The file of a model; empty: the one of the embedded model. */
    @Param("")
    public String model = "";

    /** A text file; empty: sentences of the golden cases, which are written to {@code target/benchmark.txt}. */
    @Param("")
    public String text = "";

    private SentencePieceModel sentencePiece = SentencePieceModel.load(CASE.resolve("tokenizer.model"));
    private List<String> lines = List.of();

    @Setup
    public void read() throws IOException {
        if (!model.isEmpty()) {
            sentencePiece = SentencePieceModel.load(Path.of(model));
        }
        List<String> given = text.isEmpty() ? sentences() : Files.readAllLines(Path.of(text));
        lines = new ArrayList<>();
        int characters = 0;
        for (int i = 0; characters < CHARACTERS; i = (i + 1) % given.size()) {
            lines.add(given.get(i));
            characters += given.get(i).length() + 1;
        }
        Files.write(Path.of("target/benchmark.txt"), lines);
    }

    private static List<String> sentences() throws IOException {
        List<String> sentences = new ArrayList<>();
        for (JsonNode sample :
                new JsonMapper().readTree(CASE.resolve("golden.json").toFile()).path("samples")) {
            if (List.of("novel", "documentation", "long").contains(sample.path("kind").asText())) {
                sample.path("text").asText().lines().filter(line -> !line.isBlank()).forEach(sentences::add);
            }
        }
        return sentences;
    }

    @Benchmark
    public long encode() {
        long ids = 0;
        for (String line : lines) {
            ids += sentencePiece.encode(line).length;
        }
        return ids;
    }
}
