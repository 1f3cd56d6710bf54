package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jllm.generation.Batch;
import org.jllm.generation.DecoderBackend;
import org.jllm.generation.Logits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The last layer computes the rows whose logits are wanted, and they are what they are in company. */
class WantedRowsTest {
    private static final int[] TEXT = {3, 17, 42, 55, 8, 23};

    @ParameterizedTest
    @CsvSource({
        "llama_gqa, float32, none",
        "llama_gqa, float32, int8",
        "llama_gqa, float32, fp16",
        "llama_gqa, bfloat16, none",
        "gptneox_parallel_pct025_gelu, float32, none",
        "gptneox_parallel_pct025_gelu, float32, int8",
        "gpt2_default, float32, none",
        "gptj, float32, none",
        "stablelm_parallel, float32, none"
    })
    void anyOfThem(String golden, String dtype, String quantize) {
        try (DecoderBackend decoder = new TransformersLoader()
                .loadDecoder(GoldenModel.folder(golden), QuantizedRun.options(dtype, quantize))) {
            List<float[]> all = step(decoder, 0, TEXT.length, 0, 1, 2, 3, 4, 5);
            assertClose(step(decoder, 0, TEXT.length, 5), all.subList(5, 6), dtype);
            assertClose(step(decoder, 0, TEXT.length, 1, 3), List.of(all.get(1), all.get(3)), dtype);

            decoder.open(0);
            assertThat(rows(decoder, 0, 4)).isEmpty();
            assertClose(rows(decoder, 4, 6, 4, 5), all.subList(4, 6), dtype);
            decoder.close(0);
        }
    }

    private static List<float[]> step(DecoderBackend decoder, int from, int to, Integer... wanted) {
        decoder.open(0);
        List<float[]> rows = rows(decoder, from, to, wanted);
        decoder.close(0);
        return rows;
    }

    private static List<float[]> rows(DecoderBackend decoder, int from, int to, Integer... wanted) {
        Batch batch = new Batch();
        for (int i = from; i < to; i++) {
            batch.add(0, i, TEXT[i], List.of(wanted).contains(i));
        }
        Logits logits = decoder.step(batch);
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < wanted.length; i++) {
            float[] row = new float[decoder.capabilities().vocabularySize()];
            logits.read(i, row);
            rows.add(row);
        }
        return rows;
    }

    private static void assertClose(List<float[]> found, List<float[]> expected, String dtype) {
        assertThat(QuantizedRun.distance(expected, found)).isLessThan(dtype.equals("bfloat16") ? 0.02 : 1e-5);
    }
}
