package org.jllm.torch;

import java.util.Set;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.torch.DecoderSizes.Names;

/** GPT-2: {@code gpt2.py}. Fields and defaults are those of Transformers' {@code GPT2Config}. */
final class Gpt2Architecture implements Architecture {
    private static final DecoderSizes DEFAULTS =
            new DecoderSizes(new Names("n_embd", "n_layer", "n_head", "n_positions"), 50_257, 768, 12, 12, 1_024);

    @Override
    public Set<String> modelTypes() {
        return Set.of("gpt2");
    }

    @Override
    public DecoderPlan plan(ModelConfig config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int hidden = sizes.hidden();
        int headSize = sizes.headSize();
        int intermediate = config.intOr("n_inner", 4 * hidden, 1, 1 << 24);
        boolean scaled = config.boolOr("scale_attn_weights", true);
        PlanBuilder plan = new PlanBuilder("gpt2", sizes)
                .cache(sizes.heads(), headSize)
                .activation(config.stringOr("activation_function", "gelu_new"))
                .number("epsilon", config.doubleOr("layer_norm_epsilon", 1e-5, 0, 1))
                .number("scale", scaled ? 1 / Math.sqrt(headSize) : 1)
                .flag("scale_by_layer", config.boolOr("scale_attn_by_inverse_layer_idx", false))
                .ignoreBuffers(".attn.bias", ".attn.masked_bias")
                .optionalPrefix("transformer.", "lm_head.")
                .tokens("transformer.wte")
                .tensor("transformer.wpe.weight", sizes.context(), hidden);
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String prefix = "transformer.h." + layer + '.';
            plan.conv1d(prefix + "attn.c_attn", hidden, 3L * hidden)
                    .conv1d(prefix + "attn.c_proj", hidden, hidden)
                    .conv1d(prefix + "mlp.c_fc", hidden, intermediate)
                    .conv1d(prefix + "mlp.c_proj", intermediate, hidden)
                    .layerNorm(prefix + "ln_1")
                    .layerNorm(prefix + "ln_2");
        }
        return plan.layerNorm("transformer.ln_f")
                .output("lm_head", config.boolOr("tie_word_embeddings", true))
                .build();
    }
}
