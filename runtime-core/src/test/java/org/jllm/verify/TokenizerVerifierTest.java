package org.jllm.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jllm.api.InvalidModelException;
import org.jllm.api.ModelNotFoundException;
import org.jllm.verify.Verdict.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerVerifierTest {
    private static final Path CASES = Path.of("src/test/resources/golden-tokenizers");
    private static final Path SHARED = Path.of(System.getProperty("jllm.shared", "../../shared"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "own-llama-bpe",
                "own-llama-bpe-chat",
                "own-llama-bpe-nobos",
                "own-llama-bpe-nonlegacy",
                "own-llama-bpe-raw"
            })
    void ownModel(String name) {
        passes(CASES.resolve(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama2-sp-bos-eos",
                "llama2-sp-legacy",
                "llama2-sp-nobos",
                "llama2-sp-nonlegacy",
                "llama2-sp-noprefix",
                "llama2-sp-raw",
                "mistral-v1-sp-legacy",
                "mistral-v1-sp-nonlegacy",
                "academic-raw",
                "rinna-raw",
                "sentencepiece-test-ja",
                "llm-jp-v2.1-raw",
                "llm-jp-v2.2-raw",
                "llm-jp-v2.1-fast",
                "llm-jp-v2.2-fast",
                "academic-fairseq",
                "bert-basic-character",
                "bert-basic-wordpiece",
                "bert-basic-wordpiece-lower",
                "bert-plain",
                "bert-plain-cased",
                "clip-bpe",
                "gpt-neox-20b",
                "gpt2-bpe",
                "neox-japanese",
                "neox-japanese-clean",
                "neox-japanese-fix",
                "neox-japanese-fix-clean",
                "rinna-albert",
                "rinna-albert-accents",
                "rinna-albert-novel",
                "rinna-bertgeneration",
                "rinna-deberta-v2",
                "rinna-reformer",
                "rinna-t5",
                "rinna-t5-lower",
                "rinna-t5-nonlegacy",
                "rinna-t5-sentinels",
                "rinna-xlm-roberta",
                "rinna-xlnet",
                "rwkv-world"
            })
    void modelsOfOthers(String name) {
        Path golden = SHARED.resolve("golden-tokenizers").resolve(name);
        assumeTrue(Files.isDirectory(golden), () -> golden + " is not there: its files may not be copied");
        passes(golden);
    }

    @ParameterizedTest
    @CsvSource({
        "bert-ipadic-character, ipadic-utf8",
        "bert-ipadic-sentencepiece, ipadic-utf8",
        "bert-ipadic-wordpiece, ipadic-utf8",
        "bert-ipadic-wordpiece-lower, ipadic-utf8",
        "bert-unidic-wordpiece, unidic"
    })
    void modelsOverMecabsWords(String name, String dictionary) {
        Path installed = Path.of("/var/lib/mecab/dic", dictionary);
        assumeTrue(Files.isDirectory(installed), () -> "skipped: " + installed + " is not there");
        modelsOfOthers(name);
    }

    private static void passes(Path golden) {
        TokenizerVerification result = TokenizerVerifier.verify(golden);
        assertThat(result.problems()).isEmpty();
        assertThat(result.outcome()).isEqualTo(Outcome.PASS);
        assertThat(result.samples()).isGreaterThan(100);
    }

    @Test
    void aWrongExpectationIsCounted() throws IOException {
        String golden = Files.readString(CASES.resolve("own-llama-bpe-raw/golden.json"));
        String text = "\"text\": \"Hello world\", \"ids\": [";
        assertThat(golden).contains(text);
        Files.writeString(folder.resolve("golden.json"), golden.replace(text, text + "7, "));
        TokenizerVerification result = TokenizerVerifier.verify(folder, CASES);
        assertThat(result.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(result.wrong()).isEqualTo(1);
        assertThat(result.problems())
                .isNotEmpty()
                .allSatisfy(
                        problem -> assertThat(problem).contains("Hello world").doesNotContain("\n"));
    }

    @Test
    void aWrongVocabularyFailsEvenIfEverySampleIsRight() throws IOException {
        String golden = Files.readString(CASES.resolve("own-llama-bpe-raw/golden.json"));
        Files.writeString(
                folder.resolve("golden.json"), golden.replace("\"vocab_size\": 6000", "\"vocab_size\": 6001"));
        TokenizerVerification result = TokenizerVerifier.verify(folder, CASES);
        assertThat(result.wrong()).isZero();
        assertThat(result.outcome()).isEqualTo(Outcome.FAIL);
    }

    @Test
    void anUnknownClassIsUnsupportedAndNamed() throws IOException {
        String golden = Files.readString(CASES.resolve("own-llama-bpe/golden.json"));
        Files.writeString(
                folder.resolve("golden.json"),
                golden.replace("LlamaTokenizer", "XyzTokenizer")
                        .replace("\"folder\": null", "\"folder\": \"own-llama-bpe\""));
        TokenizerVerification result = TokenizerVerifier.verify(folder, CASES);
        assertThat(result.outcome()).isEqualTo(Outcome.UNSUPPORTED);
        assertThat(result.unsupported()).contains("XyzTokenizer").contains("LlamaTokenizer");
    }

    @Test
    void wordsOfAnAnalyserAreUnsupported() throws IOException {
        Files.writeString(folder.resolve("golden.json"), "{\"case\": \"words\", \"samples\": []}");
        assertThat(TokenizerVerifier.verify(folder).outcome()).isEqualTo(Outcome.UNSUPPORTED);
    }

    @Test
    void missingAndBrokenFilesAreNamed() throws IOException {
        assertThatThrownBy(() -> TokenizerVerifier.verify(folder))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("golden.json");
        Path golden = folder.resolve("golden.json");
        Files.writeString(golden, "{\"config\": {}, \"samples\": [], \"files\": {\"vocab_file\": \"x.model\"}}");
        assertThatThrownBy(() -> TokenizerVerifier.verify(folder))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("x.model");
        Files.writeString(golden, "{\"samples\": [");
        assertThatThrownBy(() -> TokenizerVerifier.verify(folder)).isInstanceOf(InvalidModelException.class);
    }
}
