package org.jllm.tokenizer.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jllm.tokenizer.mecab.MecabWords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MeCab's own words, where a dictionary is installed, and those of the data that jllm brings. */
class GoldenWordsTest {
    private static final Path FOLDER = Path.of("../../shared/golden-tokenizers/words");

    @ParameterizedTest
    @CsvSource({"IPADIC, ipadic.json", "UNIDIC, unidic.json", "JUMANDIC, juman.json"})
    void installedDictionariesGiveMecabsWords(MecabDictionaryKind kind, String file) throws IOException {
        Optional<Path> dictionary = MecabPlaces.usual(System.getenv()).find(kind);
        assumeTrue(dictionary.isPresent(), "skipped: " + kind + " is not installed");
        assertThat(differences(MecabWords.open(dictionary.get(), List.of()), file))
                .isEmpty();
    }

    /** docs/tokenizers.md tells why these differ. */
    @Test
    void kuromojisIpadicDiffersInFew() throws IOException {
        List<JsonNode> samples = samples("ipadic.json");
        List<String> wrong = differences(MecabWords.ofKuromojiIpadic(), "ipadic.json");
        assertThat(wrong.size()).isLessThanOrEqualTo(samples.size() / 100);
        assertThat(wrong).allMatch(text -> text.contains("令和") || text.contains("—"));
    }

    private static List<String> differences(MecabWords words, String file) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (JsonNode sample : samples(file)) {
            List<String> expected = new ArrayList<>();
            sample.get("surfaces").forEach(word -> expected.add(word.asText()));
            if (!words.split(sample.get("text").asText()).equals(expected)) {
                wrong.add(sample.get("text").asText());
            }
        }
        return wrong;
    }

    private static List<JsonNode> samples(String file) throws IOException {
        assumeTrue(Files.isDirectory(FOLDER), "skipped: there is no " + FOLDER);
        List<JsonNode> samples = new ArrayList<>();
        new ObjectMapper()
                .readTree(FOLDER.resolve(file).toFile())
                .get("samples")
                .forEach(samples::add);
        assertThat(samples).isNotEmpty();
        return samples;
    }
}
