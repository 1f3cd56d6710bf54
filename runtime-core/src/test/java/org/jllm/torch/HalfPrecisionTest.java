package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.jllm.api.LoadOptions;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.jllm.hub.CacheFolder;
import org.jllm.hub.EmbeddedModels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Half precision strays from float32 by its rounding, not more: a bound on logits, and the same best token. */
class HalfPrecisionTest {
    /** The share of the spread of the logits that eight and eleven bits of precision may cost in a few layers. */
    private static final Map<String, Double> BOUNDS = Map.of("bfloat16", 0.05, "float16", 0.01);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama_gqa",
                "qwen2",
                "gptneox_parallel_pct025_gelu",
                "gptneoxja_pct050",
                "gpt2_default",
                "gptneo_local",
                "gptj",
                "mpt_alibi_odd_heads",
                "stablelm_2_style",
                "plamo_uneven",
                "qwen_default",
                "jslm_alpha_pct025",
                "mamba",
                "rwkv4"
            })
    void staysCloseOnAGoldenModel(String model) {
        int[] ids = {1, 17, 42, 96, 8, 55, 23};
        compare(GoldenModel.folder(model), "bfloat16", ids);
        compare(GoldenModel.folder(model), "float16", ids);
    }

    @ParameterizedTest
    @CsvSource({"bfloat16", "float16"})
    void staysCloseOnTheEmbeddedModel(String dtype) {
        Path folder = new EmbeddedModels(CacheFolder.ofUser()).folder("manpage-ja-6m");
        compare(folder, dtype, new int[] {1, 3410, 271, 500, 900, 42});
    }

    private static void compare(Path folder, String dtype, int[] ids) {
        float[] exact = logits(folder, "float32", ids);
        float[] rounded = logits(folder, dtype, ids);
        int best = best(exact);
        int second = IntStream.range(0, exact.length)
                .filter(i -> i != best)
                .reduce((a, b) -> exact[b] > exact[a] ? b : a)
                .orElseThrow();
        double least = IntStream.range(0, exact.length)
                .mapToDouble(i -> exact[i])
                .min()
                .orElseThrow();
        double bound = BOUNDS.get(dtype) * (exact[best] - least);
        assertThat(rounded).isNotEqualTo(exact);
        for (int i = 0; i < exact.length; i++) {
            assertThat((double) rounded[i]).as("logit %d", i).isCloseTo(exact[i], within(bound));
        }
        if (exact[best] - exact[second] > 2 * bound) {
            assertThat(best(rounded)).isEqualTo(best);
        }
    }

    private static int best(float[] logits) {
        return IntStream.range(0, logits.length)
                .reduce((a, b) -> logits[b] > logits[a] ? b : a)
                .orElseThrow();
    }

    private static float[] logits(Path folder, String dtype, int[] ids) {
        LoadOptions options = LoadOptions.ofDtype(dtype);
        try (DecoderBackend backend = new TransformersLoader().loadDecoder(folder, options)) {
            Batch batch = new Batch();
            for (int i = 0; i < ids.length; i++) {
                batch.add(0, i, ids[i], i == ids.length - 1);
            }
            float[] logits = new float[backend.capabilities().vocabularySize()];
            backend.open(0);
            backend.step(batch).read(0, logits);
            return logits;
        }
    }
}
