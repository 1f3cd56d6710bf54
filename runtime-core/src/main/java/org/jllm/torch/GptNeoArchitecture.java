package org.jllm.torch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.torch.DecoderSizes.Names;

/** GPT-Neo: {@code gpt_neo.py}. Fields and defaults are those of Transformers' {@code GPTNeoConfig}. */
final class GptNeoArchitecture implements Architecture {
    private static final DecoderSizes DEFAULTS = new DecoderSizes(
            new Names("hidden_size", "num_layers", "num_heads", "max_position_embeddings"),
            50_257,
            2_048,
            24,
            16,
            2_048);

    @Override
    public Set<String> modelTypes() {
        return Set.of("gpt_neo");
    }

    @Override
    public DecoderPlan plan(ModelConfig config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int hidden = sizes.hidden();
        int intermediate = config.intOr("intermediate_size", 4 * hidden, 1, 1 << 24);
        PlanBuilder plan = new PlanBuilder("gpt_neo", sizes)
                .cache(sizes.heads(), sizes.headSize())
                .activation(config.stringOr("activation_function", "gelu_new"))
                .number("epsilon", config.doubleOr("layer_norm_epsilon", 1e-5, 0, 1))
                .list("windows", windows(config, sizes.layers()))
                .ignoreBuffers(".attn.attention.bias", ".attn.attention.masked_bias")
                .optionalPrefix("transformer.", "lm_head.")
                .tokens("transformer.wte")
                .tensor("transformer.wpe.weight", sizes.context(), hidden);
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String prefix = "transformer.h." + layer + '.';
            plan.linear(prefix + "attn.attention.q_proj", hidden, hidden, false)
                    .linear(prefix + "attn.attention.k_proj", hidden, hidden, false)
                    .linear(prefix + "attn.attention.v_proj", hidden, hidden, false)
                    .stack(prefix + "attn.attention.", "q_proj", "k_proj", "v_proj")
                    .linear(prefix + "attn.attention.out_proj", hidden, hidden, true)
                    .linear(prefix + "mlp.c_fc", intermediate, hidden, true)
                    .linear(prefix + "mlp.c_proj", hidden, intermediate, true)
                    .layerNorm(prefix + "ln_1")
                    .layerNorm(prefix + "ln_2");
        }
        return plan.layerNorm("transformer.ln_f")
                .output("lm_head", config.boolOr("tie_word_embeddings", true))
                .build();
    }

    /** The window of each layer; 0 for those that see everything. */
    private static long[] windows(ModelConfig config, int layers) {
        List<String> types = config.strings("attention_layers");
        if (types.isEmpty()) {
            types = config.json("attention_types")
                    .map(json -> expand(json, layers))
                    .orElseGet(() -> Collections.nCopies(12, List.of("global", "local")).stream()
                            .flatMap(List::stream)
                            .toList());
        }
        if (types.size() != layers) {
            throw new InvalidModelException(
                    "config.json: attention_types make " + types.size() + " layers, but num_layers is " + layers);
        }
        int window = config.intOr("window_size", 256, 1, 1 << 24);
        return types.stream().mapToLong(type -> isLocal(type) ? window : 0).toArray();
    }

    /** A list of pairs: a list of types, and how often it is repeated. */
    private static List<String> expand(JsonNode pairs, int layers) {
        List<String> types = new ArrayList<>();
        for (JsonNode pair : pairs) {
            JsonNode names = pair.path(0);
            JsonNode times = pair.path(1);
            if (pair.size() != 2 || !names.isArray() || names.isEmpty() || !times.isInt() || times.intValue() < 0) {
                throw new InvalidModelException(
                        "config.json: attention_types must be a list of pairs [[\"global\", \"local\"], 12]");
            }
            for (int i = 0; i < times.intValue() && types.size() <= layers; i++) {
                names.forEach(name -> types.add(name.asText()));
            }
        }
        return types;
    }

    private static boolean isLocal(String type) {
        return switch (type) {
            case "local" -> true;
            case "global" -> false;
            default ->
                throw new UnsupportedModelException("config.json: attention of type '" + type
                        + "' is not one that GPT-Neo has; those are global, local");
        };
    }
}
