package org.jllm.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.jllm.api.LoadOptions;
import org.jllm.generation.AbstractDecoderBackendTest;
import org.jllm.generation.DecoderBackend;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a model whose state cannot be rolled back: a tiny Mamba of random weights. */
class RecurrentDecoderTest extends AbstractDecoderBackendTest {
    @TempDir
    static Path folder;

    private static Path file;

    @BeforeAll
    static void write() {
        TestModels.library();
        file = folder.resolve("mamba.gguf");
        long hidden = 32;
        long inner = 64;
        long state = 16;
        long rank = 2;
        GgufWriter writer = new GgufWriter();
        writer.text("general.architecture", "mamba");
        writer.text("tokenizer.ggml.model", "none");
        writer.integer("mamba.vocab_size", 300);
        writer.integer("mamba.context_length", 64);
        writer.integer("mamba.embedding_length", (int) hidden);
        writer.integer("mamba.feed_forward_length", 0);
        writer.integer("mamba.attention.head_count", 0);
        writer.integer("mamba.block_count", 2);
        writer.integer("mamba.ssm.conv_kernel", 4);
        writer.integer("mamba.ssm.inner_size", (int) inner);
        writer.integer("mamba.ssm.state_size", (int) state);
        writer.integer("mamba.ssm.time_step_rank", (int) rank);
        writer.number("mamba.attention.layer_norm_rms_epsilon", 1e-5f);
        writer.random("token_embd.weight", hidden, 300);
        for (int layer = 0; layer < 2; layer++) {
            String block = "blk." + layer + '.';
            writer.constant(block + "attn_norm.weight", 1, hidden);
            writer.random(block + "ssm_in.weight", hidden, 2 * inner);
            writer.constant(block + "ssm_conv1d.weight", 0.25f, 4L, inner);
            writer.constant(block + "ssm_conv1d.bias", 0.1f, inner);
            writer.random(block + "ssm_x.weight", inner, rank + 2 * state);
            writer.random(block + "ssm_dt.weight", rank, inner);
            writer.constant(block + "ssm_dt.bias", 0.5f, inner);
            writer.constant(block + "ssm_a", -0.5f, state, inner);
            writer.constant(block + "ssm_d", 1, inner);
            writer.random(block + "ssm_out.weight", inner, hidden);
        }
        writer.constant("output_norm.weight", 1, hidden);
        writer.write(file);
    }

    @Override
    protected DecoderBackend load() {
        return new GgufLoader().loadDecoder(file, LoadOptions.none());
    }

    @Test
    void saysThatItCannotRollBack() {
        try (DecoderBackend model = load()) {
            assertThat(model.capabilities().rollback()).isFalse();
            assertThat(model.capabilities().fork()).isFalse();
        }
    }
}
