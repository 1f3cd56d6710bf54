package org.jllm.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NearNamesTest {
    private static final List<String> KNOWN = List.of("temperature", "top_k", "top_p", "threads", "stop", "seed");

    @Test
    void nearestComesFirst() {
        assertThat(NearNames.of("top_q", KNOWN)).startsWith("top_k", "top_p");
        assertThat(NearNames.of("thread", KNOWN)).containsExactly("threads");
        assertThat(NearNames.of("TEMPERATRUE", KNOWN)).containsExactly("temperature");
        assertThat(NearNames.of("sede", KNOWN)).containsExactly("seed");
    }

    @Test
    void atMostThree() {
        assertThat(NearNames.of("model", List.of("model-1", "model-2", "model-3", "model-4")))
                .hasSize(3);
    }

    @Test
    void nothingNearIsNothing() {
        assertThat(NearNames.of("", KNOWN)).isEmpty();
        assertThat(NearNames.of("日本語", KNOWN)).isEmpty();
        assertThat(NearNames.of("x".repeat(100_000), KNOWN)).isEmpty();
        assertThat(NearNames.question("qqqq", KNOWN)).isEmpty();
        assertThat(NearNames.question("sede", KNOWN)).isEqualTo("; did you mean seed?");
    }

    @Test
    void thingsWithSeveralNamesComeOnce() {
        Map<String, String> byName =
                Map.of("tohoku-bert", "a", "tohoku-bert-v3", "a", "tohoku-bert-v2", "b", "kyoto-gpt", "c");
        assertThat(NearNames.of("tohoku-bert-v", byName)).containsExactly("tohoku-bert-v2", "tohoku-bert-v3");
    }
}
