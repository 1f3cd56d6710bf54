package org.jllm.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jllm.api.GenerationOptions;
import org.jllm.api.InvalidModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationConfigTest {
    @TempDir
    Path folder;

    private GenerationConfig read(String generationConfig) throws IOException {
        Files.writeString(folder.resolve("generation_config.json"), generationConfig);
        return GenerationConfig.read(folder);
    }

    @Test
    void absentFilesSayNothing() {
        GenerationConfig config = GenerationConfig.read(folder);
        assertThat(config.options()).isEqualTo(GenerationOptions.none());
        assertThat(config.eosIds()).isEmpty();
    }

    @Test
    void readsWhatItKnows() throws IOException {
        GenerationConfig config = read("{\"do_sample\": true, \"temperature\": 0.6, \"top_k\": 50, \"top_p\": 0.9,"
                + " \"min_p\": 0.05, \"repetition_penalty\": 1.1, \"max_new_tokens\": 512, \"max_length\": 20,"
                + " \"eos_token_id\": [2, 7, 2], \"unknown\": NaN, \"pad_token_id\": null}");
        assertThat(config.options())
                .isEqualTo(new GenerationOptions(0.6, 50, 0.9, 0.05, 1.1, null, null, null, null, 512, null));
        assertThat(config.eosIds()).containsExactlyInAnyOrder(2, 7);
    }

    @Test
    void doSampleFalseIsGreedyOnlyWhereItIsWritten() throws IOException {
        assertThat(read("{\"do_sample\": false, \"temperature\": 0.9}")
                        .options()
                        .temperature())
                .isZero();
        assertThat(read("{\"temperature\": 0.9}").options().temperature()).isEqualTo(0.9);
        assertThat(read("{\"do_sample\": null}").options().temperature()).isNull();
    }

    @Test
    void endTokensFallBackToTheModelsConfig() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": 3}");
        assertThat(GenerationConfig.read(folder).eosIds()).containsExactly(3);
        assertThat(read("{\"eos_token_id\": null}").eosIds()).containsExactly(3);
        assertThat(read("{\"eos_token_id\": -1}").eosIds()).containsExactly(3);
        assertThat(read("{\"eos_token_id\": 0}").eosIds()).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"temperature\": \"0.6\"}",
                "{\"temperature\": NaN}",
                "{\"temperature\": -1}",
                "{\"top_k\": 1.5}",
                "{\"top_k\": 99999999999}",
                "{\"top_p\": 0}",
                "{\"do_sample\": 0}",
                "{\"eos_token_id\": \"</s>\"}",
                "{\"eos_token_id\": [1, \"2\"]}",
                "{\"max_new_tokens\": 0}",
            })
    void whatIsWrongIsNamed(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("generation_config.json")
                .message()
                .doesNotContain("\n");
    }
}
