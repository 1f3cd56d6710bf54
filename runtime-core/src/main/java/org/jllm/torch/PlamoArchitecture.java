package org.jllm.torch;

import java.util.Set;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.torch.DecoderSizes.Names;

/**
 * PLaMo, the first version: {@code plamo.py}. Fields and defaults are those of the {@code PlamoConfig} that is published with
 * the model. Its {@code num_key_value_heads} means nothing: {@code n_shared_head} says how often a key head is used.
 */
final class PlamoArchitecture implements Architecture {
    private static final DecoderSizes DEFAULTS = new DecoderSizes(Names.USUAL, 32_000, 4_096, 32, 32, 2_048);

    @Override
    public Set<String> modelTypes() {
        return Set.of("plamo");
    }

    @Override
    public DecoderPlan plan(ModelConfig config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int headSize = sizes.headSize();
        int shared = config.intOr("n_shared_head", 8, 1, DecoderSizes.MOST);
        int keyHeads = (sizes.heads() + shared - 1) / shared;
        int intermediate = config.intOr("intermediate_size", 13_312, 1, 1 << 24);
        PlanBuilder plan = new PlanBuilder("plamo", sizes)
                .cache(keyHeads, headSize)
                .activation("silu")
                .number("epsilon", config.doubleOr("rms_norm_eps", 1e-6, 0, 1))
                .rotary(RotarySettings.of(config, "rope_theta", "partial_rotary_factor", 1), headSize)
                .ignoreBuffers(".rotary_emb.inv_freq", ".rotary_emb.cos_cached", ".rotary_emb.sin_cached")
                .tokens("model.embed_tokens");
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String prefix = "model.layers.layers." + layer + '.';
            plan.llamaAttention(prefix + "self_attn.", false, false)
                    .llamaMlp(prefix + "mlp.", intermediate, false)
                    .norm(prefix + "norm");
        }
        return plan.norm("model.norm")
                .output("lm_head", config.boolOr("tie_word_embeddings", false))
                .build();
    }
}
