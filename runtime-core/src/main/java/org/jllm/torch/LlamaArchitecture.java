package org.jllm.torch;

import java.util.ArrayList;
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
    private static final int MOST = 1 << 20;

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
        int hidden = config.intOr("hidden_size", 4_096, 1, MOST);
        int layers = config.intOr("num_hidden_layers", 32, 1, 10_000);
        int heads = config.intOr("num_attention_heads", 32, 1, MOST);
        boolean asManyKeys = defaults.keyHeads == 0 || config.isNull("num_key_value_heads");
        int keyHeads = config.intOr("num_key_value_heads", asManyKeys ? heads : defaults.keyHeads, 1, MOST);
        if (heads % keyHeads != 0) {
            throw new InvalidModelException(
                    "config.json: num_attention_heads " + heads + " is no multiple of num_key_value_heads " + keyHeads);
        }
        boolean llama = config.modelType().equals("llama");
        if (llama && !config.has("head_dim") && hidden % heads != 0) {
            throw new InvalidModelException(
                    "config.json: hidden_size " + hidden + " is no multiple of num_attention_heads " + heads);
        }
        int headSize = config.intOr("head_dim", Math.max(hidden / heads, 1), 2, MOST);
        if (headSize % 2 != 0) {
            throw new InvalidModelException(
                    "config.json: heads of " + headSize + " values cannot be rotated: the size has to be even");
        }
        if (config.doubleOr("partial_rotary_factor", 1, 0, 1) != 1) {
            throw new UnsupportedModelException(
                    "partial_rotary_factor other than 1 is not supported for this architecture");
        }
        int intermediate = config.intOr("intermediate_size", defaults.intermediate, 1, 1 << 24);
        int vocabulary = config.intOr("vocab_size", defaults.vocabulary, 1, 1 << 24);
        int context = config.intOr("max_position_embeddings", defaults.positions, 1, 1 << 24);
        boolean tied = config.boolOr("tie_word_embeddings", false);
        RotarySettings rotary = RotarySettings.of(config);

        // The other two classes do not know these fields.
        boolean attentionBias = llama && config.boolOr("attention_bias", false);
        boolean mlpBias = llama && config.boolOr("mlp_bias", false);
        boolean queryBias = attentionBias || defaults.queryBias;
        long queries = (long) heads * headSize;
        long keys = (long) keyHeads * headSize;
        List<TensorSpec> tensors = new ArrayList<>();
        tensors.add(TensorSpec.of("model.embed_tokens.weight", vocabulary, hidden));
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "model.layers." + layer + '.';
            linear(tensors, prefix + "self_attn.q_proj", queries, hidden, queryBias);
            linear(tensors, prefix + "self_attn.k_proj", keys, hidden, queryBias);
            linear(tensors, prefix + "self_attn.v_proj", keys, hidden, queryBias);
            linear(tensors, prefix + "self_attn.o_proj", hidden, queries, attentionBias);
            linear(tensors, prefix + "mlp.gate_proj", intermediate, hidden, mlpBias);
            linear(tensors, prefix + "mlp.up_proj", intermediate, hidden, mlpBias);
            linear(tensors, prefix + "mlp.down_proj", hidden, intermediate, mlpBias);
            tensors.add(TensorSpec.of(prefix + "input_layernorm.weight", hidden));
            tensors.add(TensorSpec.of(prefix + "post_attention_layernorm.weight", hidden));
        }
        tensors.add(TensorSpec.of("model.norm.weight", hidden));
        if (!tied) {
            tensors.add(TensorSpec.of("lm_head.weight", vocabulary, hidden));
        }
        return new DecoderPlan(
                "llama",
                tensors,
                name -> tied && name.equals("lm_head.weight"),
                layers,
                keyHeads,
                headSize,
                hidden,
                vocabulary,
                context,
                Map.of(
                        "heads", (long) heads,
                        "kv_heads", (long) keyHeads,
                        "head_size", (long) headSize,
                        "activation",
                                (long) Activation.of(config.stringOr("hidden_act", "silu"))
                                        .ordinal(),
                        "tied", tied ? 1L : 0L),
                Map.of(
                        "epsilon", config.doubleOr("rms_norm_eps", 1e-6, 0, 1),
                        "theta", rotary.theta(),
                        "factor", rotary.factor()),
                Map.of("windows", windows(config, defaults, layers)));
    }

    private static void linear(List<TensorSpec> tensors, String name, long out, long in, boolean bias) {
        tensors.add(TensorSpec.of(name + ".weight", out, in));
        if (bias) {
            tensors.add(TensorSpec.of(name + ".bias", out));
        }
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
            int first = defaults.slidingWindow ? 0 : config.intOr("max_window_layers", 28, 0, MOST);
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
