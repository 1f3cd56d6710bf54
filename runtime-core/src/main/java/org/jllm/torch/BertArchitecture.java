package org.jllm.torch;

import java.util.Set;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.encoding.EncoderOutput;

/** BERT: {@code bert.py}. Fields and defaults are those of Transformers' {@code BertConfig}. */
final class BertArchitecture implements EncoderArchitecture {
    private static final DecoderSizes DEFAULTS = BertParts.defaults(30_522, 768, 12, 12, 512);
    private static final String PREFIX = "bert.";

    @Override
    public Set<String> modelTypes() {
        return Set.of("bert");
    }

    @Override
    public EncoderPlan plan(ModelConfig config) {
        BertParts.checkEncoder(config);
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        EncoderPlanBuilder plan = new EncoderPlanBuilder("bert", sizes, config);
        BertParts.embeddings(plan, PREFIX + "embeddings.", config, sizes.hidden(), BertParts.types(config, 2));
        BertParts.layers(plan, PREFIX, config, sizes, 3_072);
        BertParts.pooler(plan, PREFIX);
        BertParts.predictions(plan, config, sizes.hidden());
        BertParts.pooledClassifier(plan, PREFIX);
        String next = "cls.seq_relationship";
        return plan.part(
                        EncoderOutput.SEQUENCE_RELATIONSHIP,
                        next + ".weight",
                        part -> part.linear(next, 2, sizes.hidden(), true)
                                .linear(PREFIX + "pooler.dense", sizes.hidden(), sizes.hidden(), true))
                .ignore(BertParts::isQuestionAnswering)
                // What makes the vectors of ColBERT is no part of the encoder.
                .ignore("linear.weight"::equals)
                .hidesTokens()
                .build();
    }
}
