package org.jllm.torch;

import java.util.List;
import java.util.Set;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.torch.DecoderSizes.Names;

/** DistilBERT: {@code distilbert.py}. Fields and defaults are those of Transformers' {@code DistilBertConfig}. */
final class DistilBertArchitecture implements EncoderArchitecture {
    private static final DecoderSizes DEFAULTS = new DecoderSizes(
            new Names("dim", "n_layers", "n_heads", "max_position_embeddings"), 30_522, 768, 6, 12, 512);
    private static final String PREFIX = "distilbert.";

    @Override
    public Set<String> modelTypes() {
        return Set.of("distilbert");
    }

    @Override
    public EncoderPlan plan(ModelConfig config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        int hidden = sizes.hidden();
        int inner = config.intOr("hidden_dim", 3_072, 1, DecoderSizes.MOST);
        sizes.headSize();
        EncoderPlanBuilder plan = new EncoderPlanBuilder("distilbert", sizes, config)
                .activation(config.stringOr("activation", "gelu"))
                .context(sizes.context(), 0)
                .tensor(PREFIX + "embeddings.word_embeddings.weight", sizes.vocabulary(), hidden)
                .tensor(PREFIX + "embeddings.position_embeddings.weight", sizes.context(), hidden)
                .layerNorm(PREFIX + "embeddings.LayerNorm", hidden);
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String name = PREFIX + "transformer.layer." + layer + '.';
            for (String projection : List.of("q_lin", "k_lin", "v_lin", "out_lin")) {
                plan.linear(name + "attention." + projection, hidden, hidden, true);
            }
            plan.stack(name + "attention.", "q_lin", "k_lin", "v_lin")
                    .layerNorm(name + "sa_layer_norm", hidden)
                    .linear(name + "ffn.lin1", inner, hidden, true)
                    .linear(name + "ffn.lin2", hidden, inner, true)
                    .layerNorm(name + "output_layer_norm", hidden);
        }
        BertParts.maskedLm(
                plan, config, "vocab_transform", "vocab_layer_norm", "vocab_projector", "vocab_projector.bias", hidden);
        BertParts.firstTokenClassifier(plan, "pre_classifier", "classifier");
        BertParts.tokenClassifier(plan);
        return plan.ignore(BertParts::isQuestionAnswering).build();
    }
}
