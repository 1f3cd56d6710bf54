package org.jllm.torch;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;

/**
 * Llama 1 and 2, Mistral and Qwen2: {@code llama.py}. Fields and defaults are those of Transformers' {@code LlamaConfig},
 * {@code MistralConfig} and {@code Qwen2Config}.
 */
final class LlamaArchitecture implements Architecture {
    /** What a class has where its configuration says nothing. */
    private record Defaults(
            int vocabulary, int intermediate, int keyHeads, int positions, boolean queryBias, boolean slidingWindow) {}

    private static final Map<String, Defaults> DEFAULTS = Map.of(
            "llama", new Defaults(32_000, 11_008, 0, 2_048, false, false),
            "mistral", new Defaults(32_000, 14_336, 8, 131_072, false, true),
            "qwen2", new Defaults(151_936, 22_016, 32, 32_768, true, false));

    @Override
    public Set<String> modelTypes() {
        return DEFAULTS.keySet();
    }

    @Override
    public DecoderPlan plan(ModelConfig config) {
        Defaults defaults = DEFAULTS.get(config.modelType());
        if (defaults == null) {
            throw new IllegalArgumentException(config.modelType());
        }
        DecoderSizes sizes = DecoderSizes.read(
                config,
                new DecoderSizes(DecoderSizes.Names.USUAL, defaults.vocabulary, 4_096, 32, 32, defaults.positions));
        int hidden = sizes.hidden();
        int heads = sizes.heads();
        int keyHeads = sizes.keyHeads(config, defaults.keyHeads == 0 ? heads : defaults.keyHeads);
        boolean llama = config.modelType().equals("llama");
        int usual = llama && !config.has("head_dim") ? sizes.headSize() : Math.max(hidden / heads, 1);
        int headSize = config.intOr("head_dim", usual, 2, DecoderSizes.MOST);
        RotarySettings rotary = RotarySettings.of(config, "rope_theta", "partial_rotary_factor", 1);
        if (rotary.share() != 1) {
            throw new UnsupportedModelException(
                    "partial_rotary_factor other than 1 is not supported for this architecture");
        }
        long intermediate = config.intOr("intermediate_size", defaults.intermediate, 1, 1 << 24);
        boolean tied = config.boolOr("tie_word_embeddings", false);

        // The other two classes do not know these fields.
        boolean attentionBias = llama && config.boolOr("attention_bias", false);
        boolean mlpBias = llama && config.boolOr("mlp_bias", false);
        boolean queryBias = attentionBias || defaults.queryBias;
        PlanBuilder plan = new PlanBuilder("llama", sizes)
                .cache(keyHeads, headSize)
                .activation(config.stringOr("hidden_act", "silu"))
                .number("epsilon", config.doubleOr("rms_norm_eps", 1e-6, 0, 1))
                .rotary(rotary, headSize)
                .list("windows", windows(config, defaults, sizes.layers()))
                .ignoreBuffers("rotary_emb.inv_freq")
                .tokens("model.embed_tokens");
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String prefix = "model.layers." + layer + '.';
            plan.llamaAttention(prefix + "self_attn.", queryBias, attentionBias)
                    .llamaMlp(prefix + "mlp.", intermediate, mlpBias)
                    .norm(prefix + "input_layernorm")
                    .norm(prefix + "post_attention_layernorm");
        }
        return plan.norm("model.norm").output("lm_head", tied).build();
    }

    /** The sliding window of each layer; 0 where there is none. */
    private static long[] windows(ModelConfig config, Defaults defaults, int layers) {
        boolean used = defaults.slidingWindow || config.boolOr("use_sliding_window", false);
        int window = used && !config.isNull("sliding_window")
                ? config.intOr("sliding_window", 4_096, 0, Integer.MAX_VALUE)
                : 0;
        long[] windows = new long[layers];
        if (!config.modelType().equals("llama") && config.has("layer_types")) {
            List<String> types = config.strings("layer_types");
            if (types.size() != layers) {
                throw new InvalidModelException("config.json: layer_types has " + types.size()
                        + " entries, but num_hidden_layers is " + layers);
            }
            Arrays.setAll(windows, layer -> isSliding(types.get(layer)) ? window : 0);
        } else {
            // Qwen2 has the window in the layers from max_window_layers on, Mistral in all.
            int first = defaults.slidingWindow ? 0 : config.intOr("max_window_layers", 28, 0, DecoderSizes.MOST);
            Arrays.fill(windows, Math.min(first, layers), layers, window);
        }
        return windows;
    }

    private static boolean isSliding(String type) {
        return switch (type) {
            case "sliding_attention" -> true;
            case "full_attention" -> false;
            default ->
                throw new UnsupportedModelException("layer_types has '" + type
                        + "', which this architecture does not know; known are full_attention, sliding_attention");
        };
    }
}
