package org.jllm.torch;

import java.util.List;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.encoding.EncoderLabels;
import org.jllm.encoding.EncoderOutput;
import org.jllm.torch.DecoderSizes.Names;

/** The parts of BERT that its kin share, by the names of {@code bert.py}. */
final class BertParts {
    /** The most that a field for token types may say. */
    private static final int MOST_TYPES = 1 << 16;

    private static final String CLASSIFIER = "classifier";

    private BertParts() {}

    /** BERT's sizes, by the names that most configurations have. */
    static DecoderSizes defaults(int vocabulary, int hidden, int layers, int heads, int context) {
        return new DecoderSizes(Names.USUAL, vocabulary, hidden, layers, heads, context);
    }

    /** @throws UnsupportedModelException if the configuration makes a decoder of an encoder */
    static void checkEncoder(ModelConfig config) {
        for (String field : List.of("is_decoder", "add_cross_attention")) {
            if (config.boolOr(field, false)) {
                throw new UnsupportedModelException("config.json: " + field + " is true, but a model of type '"
                        + config.modelType() + "' is run as an encoder only");
            }
        }
    }

    static int types(ModelConfig config, int otherwise) {
        return config.intOr("type_vocab_size", otherwise, 1, MOST_TYPES);
    }

    static double epsilon(ModelConfig config) {
        return config.doubleOr("layer_norm_eps", 1e-12, 0, 1);
    }

    /** {@code num_hidden_layers} of BERT after the embeddings, with {@code heads} and {@code activation} for the script. */
    static void layers(
            EncoderPlanBuilder plan, String prefix, ModelConfig config, DecoderSizes sizes, int intermediate) {
        int hidden = sizes.hidden();
        int headSize = sizes.headSize();
        plan.activation(config.stringOr("hidden_act", "gelu")).number("epsilon", epsilon(config));
        boolean distances = distances(plan, config);
        int inner = config.intOr("intermediate_size", intermediate, 1, DecoderSizes.MOST);
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String name = prefix + "encoder.layer." + layer + '.';
            for (String projection : List.of("query", "key", "value")) {
                plan.linear(name + "attention.self." + projection, hidden, hidden, true);
            }
            plan.stack(name + "attention.self.", "query", "key", "value");
            afterMixing(plan, name, hidden, inner);
            if (distances) {
                plan.tensor(name + "attention.self.distance_embedding.weight", 2L * sizes.context() - 1, headSize);
            }
        }
    }

    /** What follows the mixing of values in a layer of that name. */
    static void afterMixing(EncoderPlanBuilder plan, String name, int hidden, int inner) {
        plan.linear(name + "attention.output.dense", hidden, hidden, true)
                .layerNorm(name + "attention.output.LayerNorm", hidden)
                .linear(name + "intermediate.dense", inner, hidden, true)
                .linear(name + "output.dense", hidden, inner, true)
                .layerNorm(name + "output.LayerNorm", hidden);
    }

    private static boolean distances(EncoderPlanBuilder plan, ModelConfig config) {
        String type = config.stringOr("position_embedding_type", "absolute");
        plan.flag("key_distances", type.equals("relative_key_query"));
        return switch (type) {
            case "absolute" -> false;
            case "relative_key", "relative_key_query" -> true;
            default ->
                throw new UnsupportedModelException("config.json: unknown position_embedding_type '" + type
                        + "': known are absolute, relative_key, relative_key_query");
        };
    }

    /** Words, types, positions unless they are told by distances alone, and a norm, all as wide as {@code width}. */
    static void embeddings(EncoderPlanBuilder plan, String prefix, ModelConfig config, int width, int types) {
        plan.types(types)
                .tensor(prefix + "word_embeddings.weight", plan.vocabulary(), width)
                .tensor(prefix + "token_type_embeddings.weight", types, width)
                .layerNorm(prefix + "LayerNorm", width);
        if (!config.stringOr("position_embedding_type", "absolute").startsWith("relative_key")) {
            plan.tensor(prefix + "position_embeddings.weight", plan.positions(), width);
        } else {
            plan.ignore(name -> name.equals(prefix + "position_embeddings.weight"));
        }
    }

    static void pooler(EncoderPlanBuilder plan, String prefix) {
        plan.part(EncoderOutput.POOLED, prefix + "pooler.dense.weight", part -> pool(part, prefix));
    }

    private static void pool(EncoderPlanBuilder plan, String prefix) {
        plan.linear(prefix + "pooler.dense", plan.hidden(), plan.hidden(), true);
    }

    /**
     * A masked language model's head: {@code dense}, {@code norm}, the matrix {@code output} unless it is that of the
     * embeddings, and the {@code bias}, which many files name twice; where the matrix is not that of the embeddings, the second
     * one counts.
     */
    static void maskedLm(
            EncoderPlanBuilder plan,
            ModelConfig config,
            String dense,
            String norm,
            String output,
            String bias,
            int width) {
        boolean tied = config.boolOr("tie_word_embeddings", true);
        plan.part(EncoderOutput.MASKED_LM, bias, part -> {
            part.linear(dense, width, part.hidden(), true)
                    .layerNorm(norm, width)
                    .tensor(bias, part.vocabulary());
            if (!tied) {
                part.tensor(output + ".weight", part.vocabulary(), width);
            }
        });
        String own = output + ".bias";
        if (!tied && !own.equals(bias)) {
            plan.part(null, own, part -> part.tensor(own, part.vocabulary()));
        }
        plan.ignore(name -> tied && (name.equals(own) || name.equals(output + ".weight")));
    }

    /** BERT's masked language model, by its names. */
    static void predictions(EncoderPlanBuilder plan, ModelConfig config, int width) {
        String name = "cls.predictions.";
        maskedLm(
                plan,
                config,
                name + "transform.dense",
                name + "transform.LayerNorm",
                name + "decoder",
                name + "bias",
                width);
    }

    /** A classifier of tokens, or of texts over the pooler. */
    static void pooledClassifier(EncoderPlanBuilder plan, String prefix) {
        EncoderLabels labels = plan.labels();
        if (!tokenClassifier(plan)) {
            plan.labelledPart(EncoderOutput.TEXT_LABELS, labels.names(), CLASSIFIER + ".weight", part -> {
                part.linear(CLASSIFIER, labels.count(), part.hidden(), true);
                pool(part, prefix);
            });
        }
    }

    /** A classifier of tokens, if the configuration has one. */
    static boolean tokenClassifier(EncoderPlanBuilder plan) {
        EncoderLabels labels = plan.labels();
        if (labels.ofTokens()) {
            plan.labelledPart(
                    EncoderOutput.TOKEN_LABELS,
                    labels.names(),
                    CLASSIFIER + ".weight",
                    part -> part.linear(CLASSIFIER, labels.count(), part.hidden(), true));
        }
        return labels.ofTokens();
    }

    /** A classifier of texts that looks at the first token: a projection, and one to the labels. */
    static void firstTokenClassifier(EncoderPlanBuilder plan, String dense, String output) {
        EncoderLabels labels = plan.labels();
        plan.labelledPart(
                EncoderOutput.TEXT_LABELS,
                labels.names(),
                dense + ".weight",
                part -> part.linear(dense, part.hidden(), part.hidden(), true)
                        .linear(output, labels.count(), part.hidden(), true));
    }

    /** The width of embeddings that are projected to that of the hidden states, where the two differ. */
    static int embeddingSize(EncoderPlanBuilder plan, String prefix, ModelConfig config, int otherwise) {
        int width = config.intOr("embedding_size", otherwise, 1, DecoderSizes.MOST);
        if (width != plan.hidden()) {
            plan.linear(prefix + "embeddings_project", plan.hidden(), width, true);
        }
        return width;
    }

    /** A head that nobody asks for here. */
    static boolean isQuestionAnswering(String name) {
        return name.startsWith("qa_outputs.");
    }
}
