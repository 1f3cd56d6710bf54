package org.jllm.torch;

import java.util.List;
import java.util.Set;
import org.jllm.checkpoint.ModelConfig;

/** LayoutLM: {@code layoutlm.py}. Fields and defaults are those of Transformers' {@code LayoutLMConfig}. */
final class LayoutLmArchitecture implements EncoderArchitecture {
    private static final DecoderSizes DEFAULTS = BertParts.defaults(30_522, 768, 12, 12, 512);
    private static final String PREFIX = "layoutlm.";

    @Override
    public Set<String> modelTypes() {
        return Set.of("layoutlm");
    }

    @Override
    public EncoderPlan plan(ModelConfig config) {
        BertParts.checkEncoder(config);
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int coordinates = config.intOr("max_2d_position_embeddings", 1_024, 1, DecoderSizes.MOST);
        EncoderPlanBuilder plan = new EncoderPlanBuilder("layoutlm", sizes, config).boxes(coordinates);
        BertParts.embeddings(plan, PREFIX + "embeddings.", config, sizes.hidden(), BertParts.types(config, 2));
        for (String side : List.of("x", "y", "h", "w")) {
            plan.tensor(PREFIX + "embeddings." + side + "_position_embeddings.weight", coordinates, sizes.hidden());
        }
        BertParts.layers(plan, PREFIX, config, sizes, 3_072);
        BertParts.pooler(plan, PREFIX);
        BertParts.predictions(plan, config, sizes.hidden());
        BertParts.pooledClassifier(plan, PREFIX);
        return plan.ignore(BertParts::isQuestionAnswering).build();
    }
}
