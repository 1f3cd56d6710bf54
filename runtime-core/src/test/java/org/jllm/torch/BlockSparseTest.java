package org.jllm.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.jllm.api.LoadOptions;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.encoding.EncoderBackend;
import org.jllm.encoding.EncoderInput;
import org.jllm.encoding.EncoderOutput;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** BigBird's attention at its full length: a block in the middle sees its neighbours, the first and the last block only. */
class BlockSparseTest {
    private static final int LENGTH = 4_096;
    private static final int BLOCK = 64;
    private static final int QUERY = 30 * BLOCK + 5;

    private static EncoderBackend model;
    private static float[] before;

    @BeforeAll
    static void load(@TempDir Path folder) throws IOException {
        String config = """
                {"model_type": "big_bird", "vocab_size": 50, "hidden_size": 32, "num_hidden_layers": 1,
                 "num_attention_heads": 2, "intermediate_size": 48}
                """;
        EncoderPlan plan = new BigBirdArchitecture().plan(ModelConfig.parse(config, "config.json"));
        RandomFolder.write(folder, config, plan.tensors());
        model = new TransformersLoader().loadEncoder(folder, LoadOptions.none());
        before = hidden(ids(), QUERY);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, BLOCK - 1, 29 * BLOCK, 30 * BLOCK, 32 * BLOCK - 1, LENGTH - BLOCK, LENGTH - 1})
    void sees(int token) {
        assertThat(hidden(changed(token), QUERY)).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {BLOCK, 29 * BLOCK - 1, 32 * BLOCK, LENGTH - BLOCK - 1})
    void doesNotSee(int token) {
        assertThat(hidden(changed(token), QUERY)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, LENGTH - 1})
    void firstAndLastBlockSeeAll(int query) {
        float[] all = hidden(ids(), query);
        assertThat(hidden(changed(20 * BLOCK), query)).isNotEqualTo(all);
    }

    @Test
    void shortTextsAreReadWhole() {
        int[] text = new Random(3).ints(11 * BLOCK, 0, 50).toArray();
        float[] all = hidden(text, 5 * BLOCK);
        text[8 * BLOCK] = (text[8 * BLOCK] + 1) % 50;
        assertThat(hidden(text, 5 * BLOCK)).isNotEqualTo(all);
    }

    private static int[] ids() {
        return new Random(2).ints(LENGTH, 0, 50).toArray();
    }

    private static int[] changed(int token) {
        int[] ids = ids();
        ids[token] = (ids[token] + 1) % 50;
        return ids;
    }

    private static float[] hidden(int[] ids, int token) {
        return model.encode(List.of(EncoderInput.of(ids)), EnumSet.of(EncoderOutput.HIDDEN_STATES))
                .get(0)
                .rows(EncoderOutput.HIDDEN_STATES)[token];
    }
}
