package org.jllm.torch;

import java.util.Set;
import java.util.stream.Stream;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.torch.DecoderSizes.Names;

/**
 * Qwen, the first version: {@code qwen.py}. Fields and defaults are those of the {@code QWenConfig} that is published with the
 * models, and the names that it had at first.
 *
 * <p>The models were trained on texts of {@code seq_length}, which is the context here, too. A longer one, up to {@code
 * max_position_embeddings}, can be asked for where {@code use_dynamic_ntk} is set. The model's own code then chooses the base
 * of its frequencies by the length of each prompt; here the context decides, since prompts come in parts.
 */
final class QwenArchitecture implements Architecture {
    private static final DecoderSizes DEFAULTS =
            new DecoderSizes(new Names("n_embd", "n_layer", "n_head", "n_positions"), 151_936, 4_096, 32, 32, 8_192);

    @Override
    public Set<String> modelTypes() {
        return Set.of("qwen");
    }

    @Override
    public DecoderPlan plan(ModelConfig config) {
        long types = Stream.of("bf16", "fp16", "fp32")
                .filter(type -> config.boolOr(type, false))
                .count();
        if (types > 1) {
            throw new InvalidModelException("config.json: only one of bf16, fp16 and fp32 can be true");
        }
        DecoderSizes read = DecoderSizes.read(config, DEFAULTS);
        int trained = config.intOr("seq_length", read.context(), 2, 1 << 24);
        boolean longer = config.boolOr("use_dynamic_ntk", true);
        DecoderSizes sizes = read.withContext(trained);
        int hidden = sizes.hidden();
        int headSize = sizes.headSize();
        int channels = config.intOr("kv_channels", 128, 1, DecoderSizes.MOST);
        if (channels != headSize) {
            throw new InvalidModelException(
                    "config.json: kv_channels " + channels + " is not the width of a head, which is " + headSize);
        }
        // The matrices of the MLP share this width.
        String field = config.has("ffn_hidden_size") ? "ffn_hidden_size" : "intermediate_size";
        int intermediate = config.intOr(field, 22_016, 2, 1 << 24) / 2;
        boolean bias = !config.boolOr("no_bias", true);
        PlanBuilder plan = new PlanBuilder("qwen", sizes)
                .cache(sizes.heads(), headSize)
                .longestContext(longer ? Math.max(trained, read.context()) : trained)
                .activation("silu")
                .number("epsilon", config.doubleOr("layer_norm_epsilon", 1e-6, 0, 1))
                .rotary(RotarySettings.of(config, "rotary_emb_base", "rotary_pct", 1), headSize)
                .integer("trained_length", trained)
                .flag("logarithmic", config.boolOr("use_logn_attn", true))
                .ignoreBuffers(".attn.masked_bias", ".attn.logn_tensor", "rotary_emb.inv_freq")
                .optionalPrefix("transformer.", "lm_head.")
                .tokens("transformer.wte");
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String prefix = "transformer.h." + layer + '.';
            plan.linear(prefix + "attn.c_attn", 3L * hidden, hidden, true)
                    .linear(prefix + "attn.c_proj", hidden, hidden, bias)
                    .linear(prefix + "mlp.w2", intermediate, hidden, bias)
                    .linear(prefix + "mlp.w1", intermediate, hidden, bias)
                    .stack(prefix + "mlp.", "w2", "w1")
                    .linear(prefix + "mlp.c_proj", hidden, intermediate, bias)
                    .norm(prefix + "ln_1")
                    .norm(prefix + "ln_2");
        }
        return plan.norm("transformer.ln_f")
                .output("lm_head", config.boolOr("tie_word_embeddings", false))
                .build();
    }
}
