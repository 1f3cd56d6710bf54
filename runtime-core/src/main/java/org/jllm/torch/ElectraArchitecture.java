package org.jllm.torch;

import java.util.List;
import java.util.Set;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.encoding.EncoderOutput;

/**
 * ELECTRA, discriminators and generators: {@code electra.py}. Fields and defaults are those of Transformers' {@code
 * ElectraConfig}.
 */
final class ElectraArchitecture implements EncoderArchitecture {
    private static final DecoderSizes DEFAULTS = BertParts.defaults(30_522, 256, 12, 4, 512);
    private static final String PREFIX = "electra.";

    @Override
    public Set<String> modelTypes() {
        return Set.of("electra");
    }

    @Override
    public EncoderPlan plan(ModelConfig config) {
        BertParts.checkEncoder(config);
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int hidden = sizes.hidden();
        EncoderPlanBuilder plan = new EncoderPlanBuilder("electra", sizes, config);
        int width = BertParts.embeddingSize(plan, PREFIX, config, 128);
        BertParts.embeddings(plan, PREFIX + "embeddings.", config, width, BertParts.types(config, 2));
        BertParts.layers(plan, PREFIX, config, sizes, 1_024);
        BertParts.maskedLm(
                plan,
                config,
                "generator_predictions.dense",
                "generator_predictions.LayerNorm",
                "generator_lm_head",
                "generator_lm_head.bias",
                width);
        String found = "discriminator_predictions.dense";
        plan.labelledPart(
                EncoderOutput.TOKEN_LABELS,
                List.of("replaced"),
                found + ".weight",
                part -> part.linear(found, hidden, hidden, true).linear(found + "_prediction", 1, hidden, true));
        BertParts.firstTokenClassifier(plan, "classifier.dense", "classifier.out_proj");
        BertParts.tokenClassifier(plan);
        return plan.ignore(BertParts::isQuestionAnswering).build();
    }
}
