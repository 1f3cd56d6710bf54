package org.jllm.torch;

import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.torch.DecoderSizes.Names;

/**
 * StableLM: {@code stablelm.py}. Fields and defaults are those of Transformers' {@code StableLmConfig}, and of the {@code
 * StableLMEpochConfig} that the first models were published with, which calls two of them by other names.
 */
final class StableLmArchitecture implements Architecture {
    private static final String EPOCH = "stablelm_epoch";

    private static final DecoderSizes DEFAULTS = new DecoderSizes(Names.USUAL, 50_304, 2_560, 32, 32, 4_096);

    @Override
    public Set<String> modelTypes() {
        return Set.of("stablelm", EPOCH);
    }

    @Override
    public DecoderPlan plan(ModelConfig config) {
        boolean epoch = config.modelType().equals(EPOCH);
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int heads = sizes.heads();
        int headSize = sizes.headSize();
        int keyHeads = sizes.keyHeads(config, 32);
        int intermediate = config.intOr("intermediate_size", 6_912, 1, 1 << 24);
        boolean bias = config.boolOr("use_qkv_bias", false);
        boolean parallel = config.boolOr("use_parallel_residual", false);
        boolean headNorms = config.boolOr("qk_layernorm", false);
        if (headNorms && (long) heads * sizes.layers() > DecoderSizes.MOST) {
            throw new InvalidModelException("config.json: norms for " + heads + " heads in each of " + sizes.layers()
                    + " layers are more than a model has");
        }
        PlanBuilder plan = new PlanBuilder("stablelm", sizes)
                .cache(keyHeads, headSize)
                .activation(config.stringOr("hidden_act", "silu"))
                .number("epsilon", config.doubleOr(epoch ? "norm_eps" : "layer_norm_eps", 1e-5, 0, 1))
                .rotary(
                        RotarySettings.of(config, "rope_theta", epoch ? "rope_pct" : "partial_rotary_factor", 0.25),
                        headSize)
                .flag("parallel", parallel)
                .flag("head_norms", headNorms)
                .ignoreBuffers("rotary_emb.inv_freq")
                .tokens("model.embed_tokens");
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String prefix = "model.layers." + layer + '.';
            plan.llamaAttention(prefix + "self_attn.", bias, false)
                    .llamaMlp(prefix + "mlp.", intermediate, false)
                    .layerNorm(prefix + "input_layernorm");
            if (!parallel) {
                plan.layerNorm(prefix + "post_attention_layernorm");
            }
            if (headNorms) {
                headNorms(plan, prefix + "self_attn.q_layernorm", heads, headSize);
                headNorms(plan, prefix + "self_attn.k_layernorm", keyHeads, headSize);
            }
        }
        return plan.layerNorm("model.norm")
                .output("lm_head", config.boolOr("tie_word_embeddings", false))
                .build();
    }

    private static void headNorms(PlanBuilder plan, String name, int heads, int headSize) {
        for (int head = 0; head < heads; head++) {
            plan.tensor(name + ".norms." + head + ".weight", headSize);
        }
    }
}
