package org.jllm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A million characters of Japanese in lines. */
final class BenchmarkText {
    static final Path CASE = Path.of("src/test/resources/golden-tokenizers/own-llama-bpe");
    private static final int CHARACTERS = 1_000_000;

    private BenchmarkText() {}

    /** @param file a text file; empty: sentences of the golden cases. What comes of it is in {@code target/benchmark.txt} */
    static List<String> lines(String file) throws IOException {
        List<String> given = file.isEmpty() ? sentences() : Files.readAllLines(Path.of(file));
        List<String> lines = new ArrayList<>();
        int characters = 0;
        for (int i = 0; characters < CHARACTERS; i = (i + 1) % given.size()) {
            lines.add(given.get(i));
            characters += given.get(i).length() + 1;
        }
        Files.write(Path.of("target/benchmark.txt"), lines);
        return lines;
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
}
