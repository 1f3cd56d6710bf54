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
        RandomTensors tensors = new RandomTensors();
        tensors.text("general.architecture", "mamba");
        tensors.text("tokenizer.ggml.model", "none");
        tensors.integer("mamba.vocab_size", 300);
        tensors.integer("mamba.context_length", 64);
        tensors.integer("mamba.embedding_length", (int) hidden);
        tensors.integer("mamba.feed_forward_length", 0);
        tensors.integer("mamba.attention.head_count", 0);
        tensors.integer("mamba.block_count", 2);
        tensors.integer("mamba.ssm.conv_kernel", 4);
        tensors.integer("mamba.ssm.inner_size", (int) inner);
        tensors.integer("mamba.ssm.state_size", (int) state);
        tensors.integer("mamba.ssm.time_step_rank", (int) rank);
        tensors.number("mamba.attention.layer_norm_rms_epsilon", 1e-5f);
        tensors.random("token_embd.weight", hidden, 300);
        for (int layer = 0; layer < 2; layer++) {
            String block = "blk." + layer + '.';
            tensors.constant(block + "attn_norm.weight", 1, hidden);
            tensors.random(block + "ssm_in.weight", hidden, 2 * inner);
            tensors.constant(block + "ssm_conv1d.weight", 0.25f, 4L, inner);
            tensors.constant(block + "ssm_conv1d.bias", 0.1f, inner);
            tensors.random(block + "ssm_x.weight", inner, rank + 2 * state);
            tensors.random(block + "ssm_dt.weight", rank, inner);
            tensors.constant(block + "ssm_dt.bias", 0.5f, inner);
            tensors.constant(block + "ssm_a", -0.5f, state, inner);
            tensors.constant(block + "ssm_d", 1, inner);
            tensors.random(block + "ssm_out.weight", inner, hidden);
        }
        tensors.constant("output_norm.weight", 1, hidden);
        tensors.write(file);
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
