package org.jllm.checkpoint.peft;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.StrictJson;
import org.jllm.checkpoint.peft.ModulePattern.Effort;

/**
 * The {@code adapter_config.json} of a LoRA, with PEFT's defaults. Fields that only matter in training are not read.
 *
 * @param file it was read from, for errors
 * @param rank of updates that no pattern says otherwise for, at least 1
 * @param alpha their strength
 * @param rankStabilized whether strengths are divided by the square root of the rank, not by the rank
 * @param ranks, alphas what holds for modules whose names match
 * @param tiesWeights whether the head keeps to share the weights of the embeddings, whatever the adapter does to these
 * @param modulesToSave names or ends of names of modules that are stored whole
 * @param base the repository or folder of the base model, as the trainer knew it; empty if it is not said
 */
record PeftConfig(
        String file,
        int rank,
        double alpha,
        boolean rankStabilized,
        List<PatternValue> ranks,
        List<PatternValue> alphas,
        TargetModules targets,
        boolean tiesWeights,
        List<String> modulesToSave,
        String base) {
    private static final int HIGHEST_RANK = 1 << 16;
    private static final double STRONGEST = 1e6;

    /** What {@code init_lora_weights} may be so that the base's weights are what they were. */
    private static final Set<String> HARMLESS_INITS = Set.of("gaussian", "eva", "orthogonal");

    /** Fields that make another kind of adapter of a LoRA. */
    private static final List<String> VARIANTS = List.of(
            "use_dora",
            "use_qalora",
            "use_bdlora",
            "kasa_config",
            "velora_config",
            "monteclora_config",
            "arrow_config",
            "alora_invocation_tokens",
            "lora_bias",
            "layer_replication",
            "trainable_token_indices",
            "target_parameters");

    /** A number for the modules whose names match a pattern. */
    record PatternValue(ModulePattern pattern, double value) {}

    /**
     * @throws UnsupportedModelException if it is another kind of adapter
     * @throws org.jllm.api.InvalidModelException if a field has no sense
     */
    static PeftConfig read(Path file) {
        ModelConfig config = ModelConfig.readFile(file);
        config.requireAll("peft_type");
        String kind = config.stringOr("peft_type", "");
        if (!kind.equals("LORA")) {
            throw unsupported(config, "the kind of adapter " + shown(kind));
        }
        for (String field : VARIANTS) {
            if (config.isSet(field)) {
                throw unsupported(config, "LoRA with " + field);
            }
        }
        if (config.isText("init_lora_weights") && !HARMLESS_INITS.contains(config.stringOr("init_lora_weights", ""))) {
            throw unsupported(
                    config,
                    "LoRA that was begun as " + shown(config.stringOr("init_lora_weights", ""))
                            + ", which changes the base,");
        }
        Effort effort = new Effort();
        config.boolOr("fan_in_fan_out", false);
        config.stringOr("bias", "none");
        return new PeftConfig(
                config.name(),
                config.intOr("r", 8, 1, HIGHEST_RANK),
                config.doubleOr("lora_alpha", 8, -STRONGEST, STRONGEST),
                config.boolOr("use_rslora", false),
                patterns(config, "rank_pattern", effort, (values, key) -> values.intOr(key, 1, 1, HIGHEST_RANK)),
                patterns(
                        config,
                        "alpha_pattern",
                        effort,
                        (values, key) -> values.doubleOr(key, 1, -STRONGEST, STRONGEST)),
                new TargetModules(config, effort),
                config.boolOr("ensure_weight_tying", false),
                config.textOrTexts("modules_to_save"),
                config.stringOr("base_model_name_or_path", ""));
    }

    private static UnsupportedModelException unsupported(ModelConfig config, String what) {
        return new UnsupportedModelException(config.name() + ": " + what + " is not supported; plain LoRA is");
    }

    private static String shown(String text) {
        return "'" + StrictJson.bounded(text) + "'";
    }

    private static List<PatternValue> patterns(
            ModelConfig config, String field, Effort effort, ToDoubleBiFunction<ModelConfig, String> value) {
        List<PatternValue> patterns = new ArrayList<>();
        config.object(field).ifPresent(values -> {
            for (String key : values.fields()) {
                ModulePattern pattern = new ModulePattern("(.*\\.)?(" + key + ")", values.name(), effort);
                patterns.add(new PatternValue(pattern, value.applyAsDouble(values, key)));
            }
        });
        return patterns;
    }

    /** The rank of a module's update. */
    int rankOf(String module) {
        return (int) valueOf(module, ranks, rank);
    }

    /** What a module's update is multiplied by. */
    double scaleOf(String module) {
        double ofModule = valueOf(module, alphas, alpha);
        int ofRank = rankOf(module);
        return ofModule / (rankStabilized ? Math.sqrt(ofRank) : ofRank);
    }

    private static double valueOf(String module, List<PatternValue> patterns, double otherwise) {
        return patterns.stream()
                .filter(candidate -> candidate.pattern().matches(module))
                .findFirst()
                .map(PatternValue::value)
                .orElse(otherwise);
    }
}
