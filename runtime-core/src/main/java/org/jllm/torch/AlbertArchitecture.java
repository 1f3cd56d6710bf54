package org.jllm.torch;

import java.util.List;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.encoding.EncoderLabels;
import org.jllm.encoding.EncoderOutput;

/** ALBERT: {@code albert.py}. Fields and defaults are those of Transformers' {@code AlbertConfig}. */
final class AlbertArchitecture implements EncoderArchitecture {
    private static final DecoderSizes DEFAULTS = BertParts.defaults(30_000, 4_096, 12, 64, 512);
    private static final String PREFIX = "albert.";

    @Override
    public Set<String> modelTypes() {
        return Set.of("albert");
    }

    @Override
    public EncoderPlan plan(ModelConfig config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int hidden = sizes.hidden();
        sizes.headSize();
        int width = config.intOr("embedding_size", 128, 1, DecoderSizes.MOST);
        EncoderPlanBuilder plan = new EncoderPlanBuilder("albert", sizes, config)
                .activation(config.stringOr("hidden_act", "gelu_new"))
                .number("epsilon", BertParts.epsilon(config));
        BertParts.embeddings(plan, PREFIX + "embeddings.", config, width, BertParts.types(config, 2));
        plan.linear(PREFIX + "encoder.embedding_hidden_mapping_in", hidden, width, true);
        groups(plan, config, sizes);
        plan.part(
                EncoderOutput.POOLED,
                PREFIX + "pooler.weight",
                part -> part.linear(PREFIX + "pooler", hidden, hidden, true));
        BertParts.maskedLm(
                plan,
                config,
                "predictions.dense",
                "predictions.LayerNorm",
                "predictions.decoder",
                "predictions.bias",
                width);
        pooledHead(plan, EncoderOutput.SEQUENCE_RELATIONSHIP, List.of(), "sop_classifier.classifier", 2);
        if (!BertParts.tokenClassifier(plan)) {
            EncoderLabels labels = plan.labels();
            pooledHead(plan, EncoderOutput.TEXT_LABELS, labels.names(), "classifier", labels.count());
        }
        return plan.ignore(BertParts::isQuestionAnswering).build();
    }

    private static void groups(EncoderPlanBuilder plan, ModelConfig config, DecoderSizes sizes) {
        int hidden = sizes.hidden();
        int groups = config.intOr("num_hidden_groups", 1, 1, 10_000);
        int inner = config.intOr("inner_group_num", 1, 1, 10_000);
        int intermediate = config.intOr("intermediate_size", 16_384, 1, DecoderSizes.MOST);
        if (!config.stringOr("position_embedding_type", "absolute").equals("absolute")) {
            throw new UnsupportedModelException(
                    "config.json: position_embedding_type must be absolute in a model of type 'albert'");
        }
        if (groups > sizes.layers()) {
            throw new InvalidModelException("config.json: num_hidden_groups " + groups + " is more than"
                    + " num_hidden_layers " + sizes.layers());
        }
        plan.integer("groups", groups).integer("inner", inner);
        for (int group = 0; group < groups; group++) {
            for (int layer = 0; layer < inner; layer++) {
                String name = PREFIX + "encoder.albert_layer_groups." + group + ".albert_layers." + layer + '.';
                for (String projection : List.of("query", "key", "value", "dense")) {
                    plan.linear(name + "attention." + projection, hidden, hidden, true);
                }
                plan.stack(name + "attention.", "query", "key", "value")
                        .layerNorm(name + "attention.LayerNorm", hidden)
                        .linear(name + "ffn", intermediate, hidden, true)
                        .linear(name + "ffn_output", hidden, intermediate, true)
                        .layerNorm(name + "full_layer_layer_norm", hidden);
            }
        }
    }

    private static void pooledHead(
            EncoderPlanBuilder plan, EncoderOutput output, List<String> labels, String name, int logits) {
        plan.labelledPart(
                output,
                labels,
                name + ".weight",
                part -> part.linear(name, logits, part.hidden(), true)
                        .linear(PREFIX + "pooler", part.hidden(), part.hidden(), true));
    }
}
