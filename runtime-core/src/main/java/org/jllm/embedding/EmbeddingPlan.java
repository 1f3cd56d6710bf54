package org.jllm.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jllm.catalogue.Pooling;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * How a model's folder says that texts become vectors: a sentence-transformers folder ({@code modules.json}), a ColBERT
 * checkpoint ({@code artifact.metadata}), or else as a catalogue says, or else by the mean. Immutable.
 */
public final class EmbeddingPlan {
    private static final List<String> TEXT_CONFIGS = List.of(
            "sentence_bert_config.json",
            "sentence_roberta_config.json",
            "sentence_distilbert_config.json",
            "sentence_camembert_config.json",
            "sentence_albert_config.json",
            "sentence_xlm-roberta_config.json",
            "sentence_xlnet_config.json");

    private static final int MOST_TOKENS = 1_000_000;

    private final Pooler pooler;
    private final List<VectorLayer> layers;
    private final boolean normalize;
    private final Prompts prompts;
    private final TextSettings texts;
    private final @Nullable ColbertSettings colbert;
    private final @Nullable DenseLayer projection;

    /**
     * How texts are read.
     *
     * @param maxTokens longest text; {@link Integer#MAX_VALUE}: what the encoder takes
     * @param lowerCase whether they are lower-cased before they are cut into tokens
     */
    record TextSettings(int maxTokens, boolean lowerCase) {
        static final TextSettings NONE = new TextSettings(Integer.MAX_VALUE, false);
    }

    private EmbeddingPlan(
            Pooler pooler,
            List<VectorLayer> layers,
            boolean normalize,
            Prompts prompts,
            TextSettings texts,
            @Nullable ColbertSettings colbert,
            @Nullable DenseLayer projection) {
        this.pooler = pooler;
        this.layers = List.copyOf(layers);
        this.normalize = normalize;
        this.prompts = prompts;
        this.texts = texts;
        this.colbert = colbert;
        this.projection = projection;
    }

    /**
     * Reads what a folder says.
     *
     * @param files the folder of the model, or a single file, which says all itself
     * @param listed what a catalogue says of its pooling; the folder takes precedence
     * @throws org.jllm.api.UnsupportedModelException if it has modules that this version does not know
     * @throws org.jllm.api.InvalidModelException if its files are damaged
     */
    public static EmbeddingPlan read(Path files, @Nullable Pooling listed) {
        if (!Files.isDirectory(files)) {
            return of(Pooler.of(PoolingMode.MEAN), List.of(), Prompts.none(), TextSettings.NONE);
        }
        if (ColbertSettings.isIn(files) || listed == Pooling.TOKENS) {
            ColbertSettings colbert = ColbertSettings.read(files);
            DenseLayer projection = DenseLayer.projection(files.toString(), LayerWeights.open(files), "linear");
            return new EmbeddingPlan(
                    Pooler.of(PoolingMode.CLS),
                    List.of(),
                    true,
                    Prompts.none(),
                    TextSettings.NONE,
                    colbert,
                    projection);
        }
        Prompts prompts = Prompts.read(files);
        if (SentenceModules.isIn(files)) {
            return ofModules(files, SentenceModules.read(files), prompts);
        }
        TextSettings texts = texts(files);
        if (listed == Pooling.CLS_DENSE) {
            List<VectorLayer> dense = List.of(DenseLayer.read(files.resolve("2_Dense")));
            return of(Pooler.of(PoolingMode.CLS), dense, prompts, texts);
        }
        PoolingMode mode = listed == Pooling.CLS
                ? PoolingMode.CLS
                : listed == Pooling.POOLER ? PoolingMode.POOLER : PoolingMode.MEAN;
        return of(Pooler.of(mode), List.of(), prompts, texts);
    }

    private static EmbeddingPlan ofModules(Path folder, List<SentenceModules.Module> modules, Prompts prompts) {
        Pooler pooler = null;
        List<VectorLayer> layers = new ArrayList<>();
        for (SentenceModules.Module module : modules.subList(1, modules.size())) {
            if (pooler == null) {
                if (!module.type().equals("Pooling")) {
                    throw SentenceModules.unknown(module, folder);
                }
                pooler = Pooler.read(ModelConfig.read(module.folder()));
            } else {
                layer(module, folder).ifPresent(layers::add);
            }
        }
        return of(
                pooler == null ? Pooler.of(PoolingMode.MEAN) : pooler,
                layers,
                prompts,
                texts(modules.get(0).folder()));
    }

    private static Optional<VectorLayer> layer(SentenceModules.Module module, Path folder) {
        return switch (module.type()) {
            case "Dense" -> Optional.of(DenseLayer.read(module.folder()));
            case "LayerNorm" -> Optional.of(NormLayer.read(module.folder()));
            case "Normalize" -> Optional.of(new UnitLayer());
            // It does something in training only.
            case "Dropout" -> Optional.empty();
            default -> throw SentenceModules.unknown(module, folder);
        };
    }

    private static EmbeddingPlan of(Pooler pooler, List<VectorLayer> layers, Prompts prompts, TextSettings texts) {
        boolean normalize = !layers.isEmpty() && layers.get(layers.size() - 1) instanceof UnitLayer;
        List<VectorLayer> before = normalize ? layers.subList(0, layers.size() - 1) : layers;
        return new EmbeddingPlan(pooler, before, normalize, prompts, texts, null, null);
    }

    private static TextSettings texts(Path folder) {
        for (String name : TEXT_CONFIGS) {
            if (Files.exists(folder.resolve(name))) {
                ModelConfig config = ModelConfig.readFile(folder.resolve(name));
                int tokens = config.has("max_seq_length")
                        ? config.intOr("max_seq_length", 1, 1, Integer.MAX_VALUE)
                        : tokenizerLimit(folder);
                return new TextSettings(tokens, config.boolOr("do_lower_case", false));
            }
        }
        return new TextSettings(tokenizerLimit(folder), false);
    }

    /**
     * {@code model_max_length}, which is astronomical where nobody knew it; where the tokenizer has no configuration, what
     * its own file cuts texts to.
     */
    private static int tokenizerLimit(Path folder) {
        Path file = folder.resolve("tokenizer_config.json");
        JsonNode said = Files.exists(file)
                ? StrictJson.object(file).path("model_max_length")
                : StrictJson.objectOrEmpty(folder.resolve("tokenizer.json"))
                        .path("truncation")
                        .path("max_length");
        double length = said.doubleValue();
        return length >= 1 && length <= MOST_TOKENS ? (int) length : Integer.MAX_VALUE;
    }

    Pooler pooler() {
        return pooler;
    }

    /** What follows the pooling, but for bringing the vector to length 1 at the end. */
    List<VectorLayer> layers() {
        return layers;
    }

    /** Whether the vector is brought to length 1 at the end. */
    boolean normalize() {
        return normalize;
    }

    Prompts prompts() {
        return prompts;
    }

    TextSettings texts() {
        return texts;
    }

    /** Settings of a model that makes a vector of each token. */
    Optional<ColbertSettings> colbert() {
        return Optional.ofNullable(colbert);
    }

    /** What makes the vectors of such a model. */
    Optional<DenseLayer> projection() {
        return Optional.ofNullable(projection);
    }
}
