package org.jllm.torch;

import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.ModelConfig;

/** RoFormer: {@code roformer.py}. Fields and defaults are those of Transformers' {@code RoFormerConfig}. */
final class RoFormerArchitecture implements EncoderArchitecture {
    private static final DecoderSizes DEFAULTS = BertParts.defaults(50_000, 768, 12, 12, 1_536);
    private static final String PREFIX = "roformer.";

    @Override
    public Set<String> modelTypes() {
        return Set.of("roformer");
    }

    @Override
    public EncoderPlan plan(ModelConfig config) {
        BertParts.checkEncoder(config);
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int hidden = sizes.hidden();
        int headSize = sizes.headSize();
        if (headSize % 2 != 0) {
            throw new InvalidModelException(
                    "config.json: rotary positions turn pairs, but a head has " + headSize + " values");
        }
        EncoderPlanBuilder plan = new EncoderPlanBuilder("roformer", sizes, config)
                .context(sizes.context(), 0)
                .integer("head_size", headSize)
                .integer("positions", sizes.context())
                .flag("rotary_value", config.boolOr("rotary_value", false));
        int width = BertParts.embeddingSize(plan, PREFIX, config, hidden);
        int types = BertParts.types(config, 2);
        String embeddings = PREFIX + "embeddings.";
        plan.types(types)
                .tensor(embeddings + "word_embeddings.weight", sizes.vocabulary(), width)
                .tensor(embeddings + "token_type_embeddings.weight", types, width)
                .layerNorm(embeddings + "LayerNorm", width);
        BertParts.layers(plan, PREFIX, config, sizes, 3_072);
        String positions = PREFIX + "encoder.embed_positions.weight";
        plan.part(null, positions, part -> part.tensor(positions, sizes.context(), headSize));
        BertParts.predictions(plan, config, width);
        BertParts.firstTokenClassifier(plan, "classifier.dense", "classifier.out_proj");
        BertParts.tokenClassifier(plan);
        return plan.ignore(BertParts::isQuestionAnswering).build();
    }
}
