package org.jllm.torch;

import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.ModelConfig;

/**
 * RoBERTa and XLM-RoBERTa: {@code roberta.py}. Fields and defaults are those of Transformers' {@code RobertaConfig} and
 * {@code XLMRobertaConfig}.
 */
final class RobertaArchitecture implements EncoderArchitecture {
    private static final String XLM = "xlm-roberta";
    private static final DecoderSizes DEFAULTS = BertParts.defaults(50_265, 768, 12, 12, 512);
    private static final DecoderSizes XLM_DEFAULTS = BertParts.defaults(30_522, 768, 12, 12, 512);
    private static final String PREFIX = "roberta.";

    @Override
    public Set<String> modelTypes() {
        return Set.of("roberta", XLM);
    }

    @Override
    public EncoderPlan plan(ModelConfig config) {
        BertParts.checkEncoder(config);
        DecoderSizes sizes = DecoderSizes.read(config, config.is("model_type", XLM) ? XLM_DEFAULTS : DEFAULTS);
        int padding = paddingId(config, sizes);
        EncoderPlanBuilder plan = new EncoderPlanBuilder("roberta", sizes, config)
                .positionsAfter(padding)
                .context(sizes.context() - padding - 1, sizes.context());
        BertParts.embeddings(plan, PREFIX + "embeddings.", config, sizes.hidden(), BertParts.types(config, 2));
        BertParts.layers(plan, PREFIX, config, sizes, 3_072);
        BertParts.pooler(plan, PREFIX);
        BertParts.maskedLm(
                plan, config, "lm_head.dense", "lm_head.layer_norm", "lm_head.decoder", "lm_head.bias", sizes.hidden());
        BertParts.firstTokenClassifier(plan, "classifier.dense", "classifier.out_proj");
        BertParts.tokenClassifier(plan);
        return plan.ignore(BertParts::isQuestionAnswering).build();
    }

    /** Positions begin after it, so some have to be left. */
    static int paddingId(ModelConfig config, DecoderSizes sizes) {
        int padding = config.intOr("pad_token_id", 1, 0, sizes.vocabulary() - 1);
        if (padding + 1 >= sizes.context()) {
            throw new InvalidModelException("config.json: positions begin after pad_token_id " + padding
                    + ", which leaves none of max_position_embeddings " + sizes.context());
        }
        return padding;
    }
}
