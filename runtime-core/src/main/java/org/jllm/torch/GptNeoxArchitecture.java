package org.jllm.torch;

import java.util.Set;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.torch.DecoderSizes.Names;

/**
 * GPT-NeoX and ABEJA's Japanese variant: {@code gpt_neox.py}. Fields and defaults are those of Transformers' {@code
 * GPTNeoXConfig} and {@code GPTNeoXJapaneseConfig}.
 */
final class GptNeoxArchitecture implements Architecture {
    private static final String JAPANESE = "gpt_neox_japanese";

    @Override
    public Set<String> modelTypes() {
        return Set.of("gpt_neox", JAPANESE);
    }

    @Override
    public DecoderPlan plan(ModelConfig config) {
        boolean japanese = config.modelType().equals(JAPANESE);
        DecoderSizes sizes = DecoderSizes.read(
                config,
                japanese
                        ? new DecoderSizes(Names.USUAL, 32_000, 2_560, 32, 32, 2_048)
                        : new DecoderSizes(Names.USUAL, 50_432, 6_144, 44, 64, 2_048));
        int hidden = sizes.hidden();
        int headSize = sizes.headSize();
        long intermediate = japanese
                ? (long) hidden * config.intOr("intermediate_multiple_size", 4, 1, 1_024)
                : config.intOr("intermediate_size", 24_576, 1, 1 << 24);

        // The Japanese class has biases nowhere but after the attention of its last layer.
        boolean attentionBias = !japanese && config.boolOr("attention_bias", true);
        boolean parallel = !japanese && config.boolOr("use_parallel_residual", true);
        PlanBuilder plan = new PlanBuilder("gpt_neox", sizes)
                .cache(sizes.heads(), headSize)
                .activation(config.stringOr("hidden_act", "gelu"))
                .number("epsilon", config.doubleOr("layer_norm_eps", 1e-5, 0, 1))
                .rotary(RotarySettings.of(config, "rotary_emb_base", "rotary_pct", japanese ? 1 : 0.25), headSize)
                .flag("parallel", parallel)
                .ignoreBuffers(".attention.bias", ".attention.masked_bias", "rotary_emb.inv_freq")
                .names(GptNeoxArchitecture::name)
                .tokens("gpt_neox.embed_in");
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String prefix = "gpt_neox.layers." + layer + '.';
            boolean last = layer == sizes.layers() - 1;
            plan.linear(prefix + "attention.query_key_value", 3L * hidden, hidden, attentionBias)
                    .linear(prefix + "attention.dense", hidden, hidden, attentionBias || japanese && last)
                    .linear(prefix + "mlp.dense_h_to_4h", intermediate, hidden, !japanese)
                    .linear(prefix + "mlp.dense_4h_to_h", hidden, intermediate, !japanese)
                    .layerNorm(prefix + "input_layernorm")
                    .layerNorm(prefix + "post_attention_layernorm");
        }
        return plan.layerNorm("gpt_neox.final_layer_norm")
                .output("embed_out", config.boolOr("tie_word_embeddings", japanese))
                .build();
    }

    private static String name(String stored) {
        String name =
                stored.replace(JAPANESE + '.', "gpt_neox.").replace(".attention.dense_bias", ".attention.dense.bias");
        return name.startsWith("gpt_neox.") || name.startsWith("embed_out.") ? name : "gpt_neox." + name;
    }
}
