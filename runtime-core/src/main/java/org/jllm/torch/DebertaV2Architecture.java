package org.jllm.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jllm.api.InvalidModelException;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.encoding.EncoderLabels;
import org.jllm.encoding.EncoderOutput;

/** DeBERTa v2 and v3: {@code deberta_v2.py}. Fields and defaults are those of Transformers' {@code DebertaV2Config}. */
final class DebertaV2Architecture implements EncoderArchitecture {
    private static final DecoderSizes DEFAULTS = BertParts.defaults(128_100, 1_536, 24, 24, 512);
    private static final String PREFIX = "deberta.";
    private static final Set<String> TERMS = Set.of("c2p", "p2c");

    @Override
    public Set<String> modelTypes() {
        return Set.of("deberta-v2");
    }

    @Override
    public EncoderPlan plan(ModelConfig config) {
        DecoderSizes sizes = DecoderSizes.read(config, DEFAULTS);
        EncoderPlanBuilder plan = new EncoderPlanBuilder("deberta_v2", sizes, config)
                .activation(config.stringOr("hidden_act", "gelu"))
                .number("epsilon", config.doubleOr("layer_norm_eps", 1e-7, 0, 1));
        int embedding = config.intOr("embedding_size", sizes.hidden(), 1, DecoderSizes.MOST);
        embeddings(plan, config, sizes, embedding);
        layers(plan, config, sizes);
        relativePositions(plan, config, sizes);
        convolution(plan, config, sizes.hidden());
        heads(plan, config, sizes, embedding);
        return plan.ignore(name -> name.startsWith("mask_predictions.") || BertParts.isQuestionAnswering(name))
                .build();
    }

    private static void embeddings(EncoderPlanBuilder plan, ModelConfig config, DecoderSizes sizes, int width) {
        String prefix = PREFIX + "embeddings.";
        String positions = prefix + "position_embeddings.weight";
        int types = config.intOr("type_vocab_size", 0, 0, 1 << 16);
        plan.types(Math.max(types, 1))
                .tensor(prefix + "word_embeddings.weight", sizes.vocabulary(), width)
                .layerNorm(prefix + "LayerNorm", sizes.hidden());
        if (types > 0) {
            plan.tensor(prefix + "token_type_embeddings.weight", types, width);
        }
        if (config.boolOr("position_biased_input", true)) {
            plan.tensor(positions, sizes.context(), width);
        } else {
            plan.ignore(positions::equals);
        }
        if (width != sizes.hidden()) {
            plan.linear(prefix + "embed_proj", sizes.hidden(), width, false);
        }
    }

    private static void layers(EncoderPlanBuilder plan, ModelConfig config, DecoderSizes sizes) {
        int hidden = sizes.hidden();
        int headSize = config.intOr("attention_head_size", sizes.headSize(), 1, DecoderSizes.MOST);
        if (headSize != sizes.headSize()) {
            throw new UnsupportedModelException("config.json: attention_head_size " + headSize
                    + " is not hidden_size / num_attention_heads, " + sizes.headSize());
        }
        int inner = config.intOr("intermediate_size", 6_144, 1, DecoderSizes.MOST);
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String name = PREFIX + "encoder.layer." + layer + '.';
            for (String projection : List.of("query_proj", "key_proj", "value_proj")) {
                plan.linear(name + "attention.self." + projection, hidden, hidden, true);
            }
            BertParts.afterMixing(plan, name, hidden, inner);
        }
    }

    /** The terms of attention, and what tells distances apart. */
    private static void relativePositions(EncoderPlanBuilder plan, ModelConfig config, DecoderSizes sizes) {
        int hidden = sizes.hidden();
        List<String> terms = terms(config);
        plan.number("scale", 1 / Math.sqrt((double) sizes.headSize() * (1 + terms.size())));
        if (norms(config)) {
            plan.layerNorm(PREFIX + "encoder.LayerNorm", hidden);
        }
        if (!config.boolOr("relative_attention", false)) {
            return;
        }
        int most = config.intOr("max_relative_positions", -1, -1, 1 << 24);
        int furthest = most < 1 ? sizes.context() : most;
        int buckets = Math.max(config.intOr("position_buckets", -1, -1, 1 << 24), 0);
        int span = buckets > 0 ? buckets : furthest;
        if (buckets > 0 && (buckets < 2 || furthest - 1 <= buckets / 2)) {
            throw new InvalidModelException(
                    "config.json: position_buckets " + buckets + " do not divide distances up to " + furthest
                            + ": there must be at least 2, and half of them below the furthest distance");
        }
        boolean shared = config.boolOr("share_att_key", false);
        plan.tensor(PREFIX + "encoder.rel_embeddings.weight", 2L * span, hidden)
                .integer("span", span)
                .integer("buckets", buckets)
                .integer("furthest", furthest)
                .flag("shared_projections", shared)
                .flag("position_keys", terms.contains("c2p"))
                .flag("position_queries", terms.contains("p2c"));
        for (int layer = 0; !shared && layer < sizes.layers(); layer++) {
            String name = PREFIX + "encoder.layer." + layer + ".attention.self.";
            if (terms.contains("c2p")) {
                plan.linear(name + "pos_key_proj", hidden, hidden, true);
            }
            if (terms.contains("p2c")) {
                plan.linear(name + "pos_query_proj", hidden, hidden, true);
            }
        }
    }

    /** {@code pos_att_type} as a list, or as one text with bars between. */
    private static List<String> terms(ModelConfig config) {
        boolean oneText =
                config.json("pos_att_type").filter(json -> json.isTextual()).isPresent();
        List<String> given = oneText ? parts(config.stringOr("pos_att_type", "")) : config.strings("pos_att_type");
        List<String> terms = new ArrayList<>();
        for (String term : given) {
            if (!TERMS.contains(term) && !term.isEmpty()) {
                throw new UnsupportedModelException(
                        "config.json: pos_att_type '" + term + "' is not one that DeBERTa v2 has; those are c2p, p2c");
            }
            if (!term.isEmpty() && !terms.contains(term)) {
                terms.add(term);
            }
        }
        return terms;
    }

    private static boolean norms(ModelConfig config) {
        return parts(config.stringOr("norm_rel_ebd", "none")).contains("layer_norm");
    }

    private static List<String> parts(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("\\|", -1))
                .map(String::strip)
                .toList();
    }

    private static void convolution(EncoderPlanBuilder plan, ModelConfig config, int hidden) {
        int kernel = config.intOr("conv_kernel_size", 0, 0, 1 << 16);
        if (kernel == 0) {
            return;
        }
        int groups = config.intOr("conv_groups", 1, 1, DecoderSizes.MOST);
        if (kernel % 2 == 0) {
            throw new InvalidModelException(
                    "config.json: conv_kernel_size " + kernel + " is even, so that the convolution has no middle");
        }
        if (hidden % groups != 0) {
            throw new InvalidModelException(
                    "config.json: hidden_size " + hidden + " is no multiple of conv_groups " + groups);
        }
        String name = PREFIX + "encoder.conv.";
        plan.integer("conv_groups", groups)
                .integer(
                        "conv_activation",
                        Activation.of(config.stringOr("conv_act", "tanh")).ordinal())
                .tensor(name + "conv.weight", hidden, hidden / groups, kernel)
                .tensor(name + "conv.bias", hidden)
                .layerNorm(name + "LayerNorm", hidden);
    }

    private static void heads(EncoderPlanBuilder plan, ModelConfig config, DecoderSizes sizes, int embedding) {
        int hidden = sizes.hidden();
        if (config.boolOr("legacy", true)) {
            BertParts.predictions(plan, config, embedding);
            plan.ignore(name -> name.startsWith("lm_predictions."));
        } else {
            String head = "lm_predictions.lm_head.";
            if (embedding == hidden) {
                plan.part(
                        EncoderOutput.MASKED_LM,
                        head + "bias",
                        part -> part.linear(head + "dense", hidden, hidden, true)
                                .layerNorm(head + "LayerNorm", hidden)
                                .tensor(head + "bias", sizes.vocabulary()));
            }
            plan.ignore(name -> name.startsWith("cls.predictions.") || name.startsWith("lm_predictions."));
        }
        plan.integer(
                "pooler_activation",
                Activation.of(config.stringOr("pooler_hidden_act", "gelu")).ordinal());
        if (BertParts.tokenClassifier(plan)) {
            return;
        }
        int pooled = config.intOr("pooler_hidden_size", hidden, 1, DecoderSizes.MOST);
        if (pooled != hidden) {
            throw new InvalidModelException(
                    "config.json: pooler_hidden_size " + pooled + " is not hidden_size " + hidden);
        }
        EncoderLabels labels = plan.labels();
        plan.labelledPart(
                EncoderOutput.TEXT_LABELS,
                labels.names(),
                "classifier.weight",
                part -> part.linear("classifier", labels.count(), hidden, true)
                        .linear("pooler.dense", hidden, hidden, true));
    }
}
