package org.jllm.torch;

import java.util.List;
import java.util.Set;
import org.jllm.checkpoint.ModelConfig;

/**
 * LUKE: {@code luke.py}. Fields and defaults are those of Transformers' {@code LukeConfig}. Entities may be given beside the
 * words; without them it is RoBERTa.
 */
final class LukeArchitecture implements EncoderArchitecture {
    private static final DecoderSizes DEFAULTS = BertParts.defaults(50_267, 768, 12, 12, 512);
    private static final String PREFIX = "luke.";

    @Override
    public Set<String> modelTypes() {
        return Set.of("luke");
    }

    @Override
    public EncoderPlan plan(ModelConfig config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int hidden = sizes.hidden();
        int positions = sizes.context();
        int padding = RobertaArchitecture.paddingId(config, sizes);
        int types = BertParts.types(config, 2);
        EncoderPlanBuilder plan = new EncoderPlanBuilder("luke", sizes, config)
                .context(positions - padding - 1, positions)
                .positionsAfter(padding);
        BertParts.embeddings(plan, PREFIX + "embeddings.", config, hidden, types);
        BertParts.layers(plan, PREFIX, config, sizes, 3_072);
        entities(plan, config, hidden, positions, types);
        boolean aware = config.boolOr("use_entity_aware_attention", true);
        plan.flag("entity_aware", aware);
        for (int layer = 0; aware && layer < sizes.layers(); layer++) {
            for (String query : List.of("w2e_query", "e2w_query", "e2e_query")) {
                plan.linear(PREFIX + "encoder.layer." + layer + ".attention.self." + query, hidden, hidden, true);
            }
        }
        BertParts.pooler(plan, PREFIX);
        BertParts.maskedLm(
                plan, config, "lm_head.dense", "lm_head.layer_norm", "lm_head.decoder", "lm_head.bias", hidden);
        if (config.strings("architectures").stream().anyMatch(name -> name.startsWith("LukeForEntity"))) {
            plan.ignore(name -> name.startsWith("classifier."));
        } else {
            BertParts.pooledClassifier(plan, PREFIX);
        }
        return plan.ignore(name -> name.startsWith("entity_predictions.") || BertParts.isQuestionAnswering(name))
                .build();
    }

    private static void entities(EncoderPlanBuilder plan, ModelConfig config, int hidden, int positions, int types) {
        String prefix = PREFIX + "entity_embeddings.";
        int count = config.intOr("entity_vocab_size", 500_000, 1, 1 << 24);
        int width = config.intOr("entity_emb_size", 256, 1, DecoderSizes.MOST);
        plan.entities(count)
                .tensor(prefix + "entity_embeddings.weight", count, width)
                .tensor(prefix + "position_embeddings.weight", positions, hidden)
                .tensor(prefix + "token_type_embeddings.weight", types, hidden)
                .layerNorm(prefix + "LayerNorm", hidden);
        if (width != hidden) {
            plan.linear(prefix + "entity_embedding_dense", hidden, width, false);
        }
    }
}
