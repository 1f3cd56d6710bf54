package org.jllm.torch;

import java.util.List;
import java.util.Set;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.encoding.EncoderOutput;

/** BigBird: {@code big_bird.py}. Fields and defaults are those of Transformers' {@code BigBirdConfig}. */
final class BigBirdArchitecture implements EncoderArchitecture {
    private static final DecoderSizes DEFAULTS = BertParts.defaults(50_358, 768, 12, 12, 4_096);
    private static final String PREFIX = "bert.";
    private static final String POOLER = PREFIX + "pooler";

    @Override
    public Set<String> modelTypes() {
        return Set.of("big_bird");
    }

    @Override
    public EncoderPlan plan(ModelConfig config) {
        BertParts.checkEncoder(config);
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int hidden = sizes.hidden();
        EncoderPlanBuilder plan = new EncoderPlanBuilder("big_bird", sizes, config)
                .activation(config.stringOr("hidden_act", "gelu_new"))
                .number("epsilon", BertParts.epsilon(config))
                .flag("rescale", config.boolOr("rescale_embeddings", false))
                .integer("block", block(config))
                .integer("random_blocks", config.intOr("num_random_blocks", 3, 0, 1 << 16));
        BertParts.embeddings(plan, PREFIX + "embeddings.", config, hidden, BertParts.types(config, 2));
        boolean bias = config.boolOr("use_bias", true);
        sizes.headSize();
        int inner = config.intOr("intermediate_size", 3_072, 1, DecoderSizes.MOST);
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String name = PREFIX + "encoder.layer." + layer + '.';
            for (String projection : List.of("query", "key", "value")) {
                plan.linear(name + "attention.self." + projection, hidden, hidden, bias);
            }
            plan.stack(name + "attention.self.", "query", "key", "value");
            BertParts.afterMixing(plan, name, hidden, inner);
        }
        heads(plan, config, hidden);
        return plan.ignore(name -> name.startsWith("qa_classifier.")).build();
    }

    /** Tokens of a block; 0 where every token sees all. */
    private static int block(ModelConfig config) {
        int block = config.intOr("block_size", 64, 1, 1 << 16);
        String type = config.stringOr("attention_type", "block_sparse");
        return switch (type) {
            case "block_sparse" -> block;
            case "original_full" -> 0;
            default ->
                throw new UnsupportedModelException("config.json: attention_type '" + type
                        + "' is not one that BigBird has; those are block_sparse, original_full");
        };
    }

    private static void heads(EncoderPlanBuilder plan, ModelConfig config, int hidden) {
        plan.part(EncoderOutput.POOLED, POOLER + ".weight", part -> part.linear(POOLER, hidden, hidden, true));
        BertParts.predictions(plan, config, hidden);
        String next = "cls.seq_relationship";
        plan.part(
                EncoderOutput.SEQUENCE_RELATIONSHIP,
                next + ".weight",
                part -> part.linear(next, 2, hidden, true).linear(POOLER, hidden, hidden, true));
        if (!BertParts.tokenClassifier(plan)) {
            BertParts.firstTokenClassifier(plan, "classifier.dense", "classifier.out_proj");
        }
    }
}
