package org.jllm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsBuilderTest {
    @Test
    void eachGenerationOptionGoesToItsComponent() {
        GenerationOptions built = GenerationOptions.builder()
                .temperature(0.1)
                .topK(2)
                .topP(0.3)
                .minP(0.4)
                .repeatPenalty(1.5)
                .presencePenalty(-0.6)
                .frequencyPenalty(0.7)
                .logitBias(Map.of(8, -8.0))
                .seed(9)
                .maxTokens(10)
                .stop("。", "\n")
                .build();
        assertThat(built)
                .isEqualTo(new GenerationOptions(
                        0.1, 2, 0.3, 0.4, 1.5, -0.6, 0.7, Map.of(8, -8.0), 9L, 10, List.of("。", "\n")));
    }

    @Test
    void eachLoadOptionGoesToItsComponent() {
        LoraAdapter adapter = new LoraAdapter(Path.of("a.gguf"), 0.5f);
        WordOptions words = new WordOptions("d", List.of("u"), "s", "B", true);
        LoadOptions built = LoadOptions.builder()
                .engine("gguf")
                .device("cuda:1")
                .dtype("float16")
                .quantize("int8")
                .threads(2)
                .context(3)
                .cacheBytes(4)
                .packBytes(7)
                .chatTemplate("plain")
                .gpuLayers(5)
                .mlock(true)
                .ignoreMemory(true)
                .promptLookup(6)
                .lora(adapter)
                .base("b")
                .words(words)
                .build();
        assertThat(built)
                .isEqualTo(new LoadOptions(
                        "gguf",
                        "cuda:1",
                        "float16",
                        "int8",
                        2,
                        3,
                        4L,
                        7L,
                        "plain",
                        5,
                        true,
                        true,
                        6,
                        List.of(adapter),
                        "b",
                        words));
    }

    @Test
    void whatIsNotCalledIsNotSaid() {
        assertThat(GenerationOptions.builder().build()).isEqualTo(GenerationOptions.none());
        assertThat(GenerationOptions.none()
                        .orElse(GenerationOptions.temperature(0.5))
                        .temperature())
                .isEqualTo(0.5);
        assertThat(LoadOptions.builder().build()).isEqualTo(LoadOptions.none());
        assertThat(LoadOptions.none()).hasAllNullFieldsOrPropertiesExcept("words");
        assertThat(LoadOptions.none().words()).hasAllNullFieldsOrProperties();
    }

    @Test
    void noStopStringsIsSomethingSaid() {
        GenerationOptions none = GenerationOptions.builder().stop().build();
        GenerationOptions lower = GenerationOptions.builder().stop("a").build();
        assertThat(none.orElse(lower).stop()).isEmpty();
    }

    @Test
    void aBuilderCanGoOnAfterBuilding() {
        Map<Integer, Double> bias = new HashMap<>(Map.of(1, 2.0));
        GenerationOptionsBuilder builder = GenerationOptions.builder().logitBias(bias);
        bias.clear();
        GenerationOptions first = builder.build();
        assertThat(builder.seed(1).build().seed()).isEqualTo(1);
        assertThat(first.seed()).isNull();
        assertThat(first.logitBias()).containsEntry(1, 2.0);
    }

    @Test
    void buildingChecks() {
        assertThatThrownBy(GenerationOptions.builder().topP(0)::build)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("top_p must be above 0 and at most 1, not 0.0");
        assertThatThrownBy(GenerationOptions.builder().stop("")::build).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(LoadOptions.builder().threads(0)::build)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("threads must be at least 1, not 0");
    }
}
