package org.jllm.torch;

import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.torch.DecoderSizes.Names;

/** GPT-J: {@code gptj.py}. Fields and defaults are those of Transformers' {@code GPTJConfig}. */
final class GptJArchitecture implements Architecture {
    private static final DecoderSizes DEFAULTS =
            new DecoderSizes(new Names("n_embd", "n_layer", "n_head", "n_positions"), 50_400, 4_096, 28, 16, 2_048);

    @Override
    public Set<String> modelTypes() {
        return Set.of("gptj");
    }

    @Override
    public DecoderPlan plan(ModelConfig config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int hidden = sizes.hidden();
        int headSize = sizes.headSize();
        int intermediate = config.intOr("n_inner", 4 * hidden, 1, 1 << 24);
        int rotarySize = config.intOr("rotary_dim", 64, 2, DecoderSizes.MOST);
        if (config.isNull("rotary_dim") || rotarySize % 2 != 0 || rotarySize > headSize) {
            throw new InvalidModelException("config.json: rotary_dim must be an even number from 2 to the " + headSize
                    + " values of a head, not " + (config.isNull("rotary_dim") ? "null" : rotarySize));
        }
        boolean tied = config.boolOr("tie_word_embeddings", false);
        PlanBuilder plan = new PlanBuilder("gptj", sizes)
                .cache(sizes.heads(), headSize)
                .activation(config.stringOr("activation_function", "gelu_new"))
                .number("epsilon", config.doubleOr("layer_norm_epsilon", 1e-5, 0, 1))
                .integer("rotary_size", rotarySize)
                .number("theta", 10_000)
                .number("factor", 1)
                .ignoreBuffers(".attn.bias", ".attn.masked_bias", ".attn.embed_positions")
                .optionalPrefix("transformer.", "lm_head.")
                .tokens("transformer.wte");
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String prefix = "transformer.h." + layer + '.';
            plan.linear(prefix + "attn.q_proj", hidden, hidden, false)
                    .linear(prefix + "attn.k_proj", hidden, hidden, false)
                    .linear(prefix + "attn.v_proj", hidden, hidden, false)
                    .stack(prefix + "attn.", "q_proj", "k_proj", "v_proj")
                    .linear(prefix + "attn.out_proj", hidden, hidden, false)
                    .linear(prefix + "mlp.fc_in", intermediate, hidden, true)
                    .linear(prefix + "mlp.fc_out", hidden, intermediate, true)
                    .layerNorm(prefix + "ln_1");
        }
        return plan.layerNorm("transformer.ln_f")
                .output("lm_head", tied)
                .tensor("lm_head.bias", sizes.vocabulary())
                .build();
    }
}
