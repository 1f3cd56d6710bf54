package org.jllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jllm.api.FinishReason;
import org.jllm.api.GenerationOptions;
import org.jllm.api.InvalidSettingException;
import org.jllm.api.LanguageModel;
import org.jllm.api.LoadOptions;
import org.jllm.api.Prompt;
import org.jllm.catalogue.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JllmBuilderTest {
    @Test
    void knowsTheModelsOfItsCatalogue(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("own.yaml"), """
                families:
                  - {family: f, section: s, developer: d, architecture: llama, loader: transformers, tasks: [chat],
                     license: l, system: 一行で, models: [{id: own, size: 6m, embedded: manpage-ja-6m}]}
                """);
        Jllm jllm = Jllm.builder().catalogue(file).withoutUserSettings().build();
        assertThat(jllm.catalogue().entries())
                .extracting(entry -> entry.id())
                .startsWith("demo")
                .endsWith("own");
        assertThat(jllm.system("own")).isEqualTo("一行で");
        Jllm said = Jllm.builder().catalogue(file).system("英語で").build();
        assertThat(said.system("own")).isEqualTo("英語で");
    }

    @Test
    void namesTheCatalogueThatCannotBeRead(@TempDir Path folder) {
        Path missing = folder.resolve("missing.yaml");
        assertThatThrownBy(Jllm.builder().catalogue(missing)::build)
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(missing.toString());
    }

    @Test
    void itsSettingsHoldForModelsAndRequestsThatDoNotSayThem() {
        Jllm jllm = Jllm.builder()
                .generation(GenerationOptions.builder().maxTokens(3).build())
                .load(LoadOptions.builder().context(64).build())
                .build();
        try (LanguageModel model = jllm.load("demo", LoadOptions.none())) {
            assertThat(model.contextLength()).isEqualTo(64);
            var result = model.generate(Prompt.question("grep"), GenerationOptions.none());
            assertThat(result.completionTokens()).isEqualTo(3);
            assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
            GenerationOptions two = GenerationOptions.builder().maxTokens(2).build();
            assertThat(model.generate(Prompt.question("grep"), two).completionTokens())
                    .isEqualTo(2);
        }
        try (LanguageModel model =
                jllm.load("demo", LoadOptions.builder().context(32).build())) {
            assertThat(model.contextLength()).isEqualTo(32);
        }
    }

    @Test
    void withoutUserSettingsNothingElseIsSaid() {
        Jllm jllm = Jllm.builder().withoutUserSettings().build();
        assertThat(jllm.settings()).isEqualTo(Settings.none());
    }
}
