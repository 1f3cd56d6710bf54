package org.jllm.torch;

import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.torch.DecoderSizes.Names;

/**
 * MPT: {@code mpt.py}. Fields and defaults are those of Transformers' {@code MptConfig}. Transformers passes over some
 * fields that the code published with the models obeys, so other values of those than the published ones are refused.
 */
final class MptArchitecture implements Architecture {
    /** Numbers in the table of ALiBi: a quarter of a gigabyte. */
    private static final long MOST_BIASES = 1 << 26;

    private static final DecoderSizes DEFAULTS =
            new DecoderSizes(new Names("d_model", "n_layers", "n_heads", "max_seq_len"), 50_368, 2_048, 24, 16, 2_048);

    @Override
    public Set<String> modelTypes() {
        return Set.of("mpt");
    }

    @Override
    public DecoderPlan plan(ModelConfig config) {
        ModelConfig attention =
                config.object("attn_config").orElseGet(() -> ModelConfig.parse("{}", "config.json: attn_config"));
        require(attention.boolOr("alibi", true), "attn_config.alibi false");
        require(attention.doubleOr("alibi_bias_max", 8, -1e9, 1e9) == 8, "attn_config.alibi_bias_max other than 8");
        require(!attention.boolOr("qk_ln", false), "attn_config.qk_ln true");
        require(!attention.boolOr("prefix_lm", false), "attn_config.prefix_lm true");
        String type = attention.stringOr("attn_type", "multihead_attention");
        require(type.equals("multihead_attention"), "attn_config.attn_type '" + type + "'");
        require(config.boolOr("no_bias", true), "no_bias false");
        require(!config.has("logit_scale"), "logit_scale");
        require(config.intOr("expansion_ratio", 4, 1, 1_024) == 4, "expansion_ratio other than 4");
        String norm = config.stringOr("norm_type", "low_precision_layernorm");
        require(norm.equals("low_precision_layernorm") || norm.equals("layernorm"), "norm_type '" + norm + "'");

        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int hidden = sizes.hidden();
        int headSize = sizes.headSize();
        if ((long) sizes.heads() * sizes.context() > MOST_BIASES) {
            throw new InvalidModelException("config.json: the biases of " + sizes.heads() + " heads at "
                    + sizes.context() + " positions are more than a model has");
        }
        PlanBuilder plan = new PlanBuilder("mpt", sizes)
                .cache(sizes.heads(), headSize)
                .activation("gelu")
                .number("epsilon", config.doubleOr("layer_norm_epsilon", 1e-5, 0, 1))
                .number("scale", attention.doubleOr("softmax_scale", 1 / Math.sqrt(headSize), 0, 1e6))
                .number("clip", attention.doubleOr("clip_qkv", 0, 0, 1e9))
                .optionalPrefix("transformer.", "lm_head.")
                .tokens("transformer.wte");
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String prefix = "transformer.blocks." + layer + '.';
            plan.linear(prefix + "attn.Wqkv", 3L * hidden, hidden, false)
                    .linear(prefix + "attn.out_proj", hidden, hidden, false)
                    .linear(prefix + "ffn.up_proj", 4L * hidden, hidden, false)
                    .linear(prefix + "ffn.down_proj", hidden, 4L * hidden, false)
                    .norm(prefix + "norm_1")
                    .norm(prefix + "norm_2");
        }
        return plan.norm("transformer.norm_f")
                .output("lm_head", config.boolOr("tie_word_embeddings", true))
                .build();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new UnsupportedModelException("config.json: " + otherwise + " is not supported for MPT");
        }
    }
}
