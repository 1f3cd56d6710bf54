package org.jllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jllm.api.JllmException;
import org.jllm.api.LoadOptions;
import org.jllm.hub.CacheFolder;
import org.jllm.hub.EmbeddedModels;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights, tokenizer and settings are loaded beside each other; which error is told does not depend on who is faster. */
class LoadErrorsTest {
    private static final String WEIGHTS = "model.safetensors";
    private static final String TOKENIZER = "tokenizer.model";
    private static final String SETTINGS = "generation_config.json";

    @TempDir
    Path model;

    @BeforeEach
    void copy() throws IOException {
        Path embedded = new EmbeddedModels(CacheFolder.ofUser()).folder("manpage-ja-6m");
        for (String name : List.of("config.json", WEIGHTS, TOKENIZER, "tokenizer_config.json", SETTINGS)) {
            Files.copy(embedded.resolve(name), model.resolve(name));
        }
    }

    /** The error of a load in which these files are no such files. */
    private String error(String... spoiled) throws IOException {
        for (String name : spoiled) {
            Files.writeString(model.resolve(name), "spoiled");
        }
        Jllm jllm = Jllm.builder().withoutUserSettings().build();
        JllmException error = catchThrowableOfType(
                JllmException.class,
                () -> jllm.load(model.toString(), LoadOptions.none()).close());
        assertThat(error).isNotNull();
        assertThat(error.getMessage().lines()).hasSize(1);
        return error.getMessage();
    }

    @RepeatedTest(3)
    void thatOfTheWeightsComesFirst() throws IOException {
        assertThat(error(WEIGHTS, TOKENIZER, SETTINGS)).contains(WEIGHTS);
    }

    @RepeatedTest(3)
    void thenThatOfTheTokenizer() throws IOException {
        assertThat(error(TOKENIZER, SETTINGS)).contains(TOKENIZER);
    }

    @Test
    void thenThatOfTheSettings() throws IOException {
        assertThat(error(SETTINGS)).contains(SETTINGS);
    }

    @Test
    void aFolderThatIsNoModelNeedsNoEngine() throws IOException {
        Files.delete(model.resolve("config.json"));
        assertThat(error()).contains(model.toString());
    }
}
