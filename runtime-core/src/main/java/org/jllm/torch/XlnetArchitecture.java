package org.jllm.torch;

import java.util.List;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.encoding.EncoderLabels;
import org.jllm.encoding.EncoderOutput;
import org.jllm.torch.DecoderSizes.Names;

/**
 * XLNet without memory of earlier texts: {@code xlnet.py}. Fields and defaults are those of Transformers' {@code
 * XLNetConfig}.
 */
final class XlnetArchitecture implements EncoderArchitecture {
    /** The model has no last position. Its attention keeps a number for each pair of tokens, so that something must be. */
    private static final int CONTEXT = 2_048;

    private static final DecoderSizes DEFAULTS = new DecoderSizes(
            new Names("d_model", "n_layer", "n_head", "max_position_embeddings"), 32_000, 1_024, 24, 16, CONTEXT);
    private static final String PREFIX = "transformer.";

    @Override
    public Set<String> modelTypes() {
        return Set.of("xlnet");
    }

    @Override
    public EncoderPlan plan(ModelConfig config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS).withContext(CONTEXT);
        int headSize = config.intOr("d_head", sizes.headSize(), 1, DecoderSizes.MOST);
        if (headSize != sizes.headSize()) {
            throw new InvalidModelException(
                    "config.json: d_head " + headSize + " is not d_model / n_head, " + sizes.headSize());
        }
        if (sizes.hidden() % 2 != 0) {
            throw new InvalidModelException("config.json: d_model " + sizes.hidden()
                    + " is odd, but half of it are sines of distances and half cosines");
        }
        if (config.boolOr("bi_data", false)) {
            throw new UnsupportedModelException(
                    "config.json: bi_data is true: batches whose second half runs backwards are not supported");
        }
        EncoderPlanBuilder plan = new EncoderPlanBuilder("xlnet", sizes, config)
                .context(CONTEXT, 0)
                .types(2)
                .activation(config.stringOr("ff_activation", "gelu"))
                .number("epsilon", BertParts.epsilon(config))
                .flag("causal", causal(config))
                .integer("furthest", Math.max(config.intOr("clamp_len", -1, -1, 1 << 24), 0))
                .tensor(PREFIX + "word_embedding.weight", sizes.vocabulary(), sizes.hidden());
        int inner = config.intOr("d_inner", 4_096, 1, DecoderSizes.MOST);
        for (int layer = 0; layer < sizes.layers(); layer++) {
            layer(plan, PREFIX + "layer." + layer + '.', sizes, inner);
        }
        heads(plan, config, sizes);
        return plan.ignore(name -> name.equals(PREFIX + "mask_emb")).build();
    }

    private static boolean causal(ModelConfig config) {
        String type = config.stringOr("attn_type", "bi");
        return switch (type) {
            case "bi" -> false;
            case "uni" -> true;
            default ->
                throw new UnsupportedModelException(
                        "config.json: attn_type '" + type + "' is not one that XLNet has; those are bi, uni");
        };
    }

    private static void layer(EncoderPlanBuilder plan, String prefix, DecoderSizes sizes, int inner) {
        int hidden = sizes.hidden();
        int heads = sizes.heads();
        int headSize = sizes.headSize();
        for (String projection : List.of("q", "k", "v", "r")) {
            plan.tensors.add(TensorSpec.inputsFirst(prefix + "rel_attn." + projection, hidden, heads, headSize));
        }
        plan.tensors.add(TensorSpec.matrix(prefix + "rel_attn.o", hidden, heads, headSize));
        for (String bias : List.of("r_r_bias", "r_s_bias", "r_w_bias")) {
            plan.tensor(prefix + "rel_attn." + bias, heads, headSize);
        }
        plan.tensor(prefix + "rel_attn.seg_embed", 2, heads, headSize)
                .layerNorm(prefix + "rel_attn.layer_norm", hidden)
                .layerNorm(prefix + "ff.layer_norm", hidden)
                .linear(prefix + "ff.layer_1", inner, hidden, true)
                .linear(prefix + "ff.layer_2", hidden, inner, true);
    }

    private static void heads(EncoderPlanBuilder plan, ModelConfig config, DecoderSizes sizes) {
        int hidden = sizes.hidden();
        boolean tied = config.boolOr("tie_word_embeddings", true);
        String output = "lm_loss.weight";
        plan.part(EncoderOutput.MASKED_LM, "lm_loss.bias", part -> {
            part.tensor("lm_loss.bias", sizes.vocabulary());
            if (!tied) {
                part.tensor(output, sizes.vocabulary(), hidden);
            }
        });
        if (tied) {
            plan.ignore(output::equals);
        }
        if (BertParts.tokenClassifier(plan)) {
            return;
        }
        EncoderLabels labels = plan.labels();
        plan.labelledPart(EncoderOutput.TEXT_LABELS, labels.names(), "logits_proj.weight", part -> {
            part.linear("logits_proj", labels.count(), hidden, true);
            if (config.boolOr("summary_use_proj", true)) {
                part.linear("sequence_summary.summary", hidden, hidden, true);
            }
            summary(part, config);
        });
    }

    /** How one vector is made of a text to be classified. */
    private static void summary(EncoderPlanBuilder plan, ModelConfig config) {
        String type = config.stringOr("summary_type", "last");
        int rows = switch (type) {
            case "last", "cls_index" -> 0;
            case "first" -> 1;
            case "mean" -> 2;
            default ->
                throw new UnsupportedModelException("config.json: summary_type '" + type
                        + "' is not supported; those that are: last, cls_index, first, mean");
        };
        String activation = config.isNull("summary_activation") ? "" : config.stringOr("summary_activation", "tanh");
        plan.integer("summary", rows)
                .integer(
                        "summary_activation",
                        activation.isEmpty() ? -1 : Activation.of(activation).ordinal());
    }
}
