package org.jllm.torch;

import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.torch.DecoderSizes.Names;

/**
 * Japanese StableLM Alpha: {@code japanese_stablelm_alpha.py}. Fields and defaults are those of the {@code
 * JapaneseStableLMAlphaConfig} that is published with the model. Its code takes no notice of {@code hidden_act}, {@code
 * intermediate_size}, {@code use_parallel_residual} and {@code use_bias_in_mlp}.
 */
final class JapaneseStableLmAlphaArchitecture implements Architecture {
    private static final DecoderSizes DEFAULTS = new DecoderSizes(Names.USUAL, 65_536, 4_096, 32, 32, 2_048);

    @Override
    public Set<String> modelTypes() {
        return Set.of("japanese-stablelm-alpha");
    }

    @Override
    public DecoderPlan plan(ModelConfig config) {
        if (config.isNull("rotary_scale_base")) {
            throw new InvalidModelException("config.json: rotary_scale_base must be a number, not null");
        }
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int hidden = sizes.hidden();
        int headSize = sizes.headSize();
        // Eight thirds of the width, as a multiple of 256.
        long intermediate = (8L * hidden / 3 + 255) / 256 * 256;
        PlanBuilder plan = new PlanBuilder("japanese_stablelm_alpha", sizes)
                .cache(sizes.heads(), headSize)
                .activation("silu")
                .number("epsilon", config.doubleOr("layer_norm_eps", 1e-5, 0, 1))
                .rotary(RotarySettings.of(config, "rotary_emb_base", "rotary_pct", 0.25), headSize)
                .number("growth_base", config.doubleOr("rotary_scale_base", 512, 1, 1e9))
                .integer("growth_centre", sizes.context() / 2)
                .ignoreBuffers(
                        ".attention.bias",
                        ".attention.masked_bias",
                        ".attention.norm_factor",
                        ".rotary_emb.inv_freq",
                        ".rotary_emb.scale")
                .optionalPrefix("transformer.", "embed_out.")
                .tokens("transformer.embed_in");
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String prefix = "transformer.layers." + layer + '.';
            plan.linear(prefix + "attention.query_key_value", 3L * hidden, hidden, false)
                    .linear(prefix + "attention.dense", hidden, hidden, false)
                    .linear(prefix + "mlp.packed_input_proj", 2 * intermediate, hidden, false)
                    .linear(prefix + "mlp.out_proj", hidden, intermediate, false)
                    .layerNorm(prefix + "post_attention_layernorm");
        }
        return plan.layerNorm("transformer.final_layer_norm")
                .output("embed_out", config.boolOr("tie_word_embeddings", false))
                .build();
    }
}
