package org.jllm.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.jllm.generation.ModelLoader;
import org.jllm.verify.Verdict.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A case that is damaged, or that proves nothing, never passes. */
class VerifierTest {
    private static final Path SOUND = Path.of("src/test/resources/golden/llama_mha");

    @TempDir
    Path folder;

    private Verdict verify(String golden) throws IOException {
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(SOUND.resolve(file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("golden.json"), golden);
        return new Verifier(ServiceLoader.load(ModelLoader.class).iterator().next()).verify(folder);
    }

    @Test
    void theSoundCasePasses() throws IOException {
        Verdict verdict = verify(Files.readString(SOUND.resolve("golden.json")));
        assertThat(verdict.outcome()).isEqualTo(Outcome.PASS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | no JSON object",
                "[] | no JSON object",
                "{ | line 1",
                "{'kind': 'causal-lm', 'inputs': {'prompts': [{'input_ids': [1, 5]}]}} | tolerance",
                "{'kind': 'causal-lm', 'tolerance': 1} | 0 prompts",
                "{'kind': 'causal-lm', 'tolerance': 1, 'inputs': {'prompts': [{'input_ids': []}]}} | 0 ids",
                "{'kind': 'causal-lm', 'tolerance': 1, 'inputs': {'prompts': [{'input_ids': [1, 97]}]}} | 97 is no id",
                "{'kind': 'causal-lm', 'tolerance': 1, 'inputs': {'prompts': [{'input_ids': [1, 'a']}]}} | is no id",
                "{'kind': 'causal-lm', 'tolerance': 1, 'inputs': {'prompts': [{'input_ids': [1]}],"
                        + " 'max_new_tokens': 65}} | max_new_tokens",
                "{'kind': 'causal-lm', 'tolerance': 1, 'inputs': {'prompts': [{'input_ids': [1]}],"
                        + " 'max_new_tokens': 1}} | last_logits",
                "{'samples': 3} | samples is no list"
            },
            quoteCharacter = '"')
    void fails(String golden, String detail) throws IOException {
        Verdict verdict = verify(golden.equals("''") ? "" : golden.replace('\'', '"'));
        assertThat(verdict.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(verdict.detail()).contains(detail).doesNotContain("\n");
    }

    @Test
    void eachFileOfWordsHasAVerdict() throws IOException {
        Files.writeString(folder.resolve("ipadic.json"), """
                {"case": "words-ipadic", "samples": [
                  {"text": "すもももももももものうち", "surfaces": ["すもも", "も", "もも", "も", "もも", "の", "うち"]},
                  {"text": "東京都", "surfaces": ["東京都"]}]}
                """);
        Files.writeString(folder.resolve("unidic.json"), "{}");
        Files.writeString(folder.resolve("other.json"), "{}");
        Verifier verifier =
                new Verifier(ServiceLoader.load(ModelLoader.class).iterator().next());
        List<Verdict> verdicts = verifier.verifyAll(folder);
        assertThat(verdicts).extracting(Verdict::name).containsExactly("words-ipadic", "words-unidic");
        assertThat(verdicts.get(0).measured()).isEqualTo("1/2");
        assertThat(verdicts.get(0).outcome()).isEqualTo(Outcome.FAIL);
        assertThat(verdicts.get(0).detail())
                .contains("[東京, 都] instead of [東京都]")
                .contains("MeCab's words of");
        assertThat(verdicts.get(1).outcome()).isNotEqualTo(Outcome.PASS);
        assertThat(verifier.verifyAll(folder.resolve("none"))).isEmpty();
    }

    @Test
    void anUnknownKindIsUnsupported() throws IOException {
        assertThat(verify("{\"kind\": \"dance\"}").outcome()).isEqualTo(Outcome.UNSUPPORTED);
    }
}
