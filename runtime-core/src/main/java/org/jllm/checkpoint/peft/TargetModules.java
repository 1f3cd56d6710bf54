package org.jllm.checkpoint.peft;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jllm.checkpoint.ModelConfig;
import org.jllm.checkpoint.peft.ModulePattern.Effort;
import org.jspecify.annotations.Nullable;

/**
 * Which modules an adapter changes: {@code target_modules}, {@code exclude_modules}, {@code modules_to_save},
 * {@code layers_to_transform} and {@code layers_pattern}, as PEFT's {@code check_target_module_exists} takes them.
 */
final class TargetModules {
    private static final String ALL_LINEAR = "all-linear";
    private static final Pattern NUMBERED = Pattern.compile(".*\\.\\d+\\..*");

    private final @Nullable Names targets;
    private final @Nullable Names excluded;
    private final Set<Integer> layers;
    private final List<ModulePattern> layerPatterns;
    private final List<String> saved;
    private final boolean allLinear;

    /** Modules by a pattern of the whole name, or by names or their ends. */
    private record Names(@Nullable ModulePattern pattern, List<String> ends) {
        static @Nullable Names of(ModelConfig config, String field, Effort effort) {
            if (!config.has(field)) {
                return null;
            }
            return config.isText(field)
                    ? new Names(
                            new ModulePattern(config.stringOr(field, ""), config.name() + ": " + field, effort),
                            List.of())
                    : new Names(null, config.strings(field));
        }

        boolean contain(String module) {
            return pattern != null
                    ? pattern.matches(module)
                    : ends.stream().anyMatch(end -> module.equals(end) || module.endsWith('.' + end));
        }
    }

    TargetModules(ModelConfig config, Effort effort) {
        allLinear = config.isText("target_modules")
                && config.stringOr("target_modules", "").equalsIgnoreCase(ALL_LINEAR);
        targets = allLinear ? null : Names.of(config, "target_modules", effort);
        excluded = Names.of(config, "exclude_modules", effort);
        saved = config.textOrTexts("modules_to_save");
        layers = new HashSet<>(config.integers("layers_to_transform", 0, 1_000_000));
        List<String> names = config.textOrTexts("layers_pattern");
        layerPatterns = (names.isEmpty() ? List.of("[^.]*") : names)
                .stream()
                        .map(name -> new ModulePattern(
                                "(?:.*?\\.)?" + name + "\\.(?<layer>\\d+)\\..*",
                                config.name() + ": layers_pattern",
                                effort))
                        .toList();
    }

    /** Whether the configuration says which modules they are; old ones leave it to PEFT. */
    boolean areNamed() {
        return allLinear || targets != null;
    }

    /** Whether the adapter changes a module that has a matrix. */
    boolean contain(String module) {
        if ((excluded != null && excluded.contain(module)) || isSavedWhole(module)) {
            return false;
        }
        if (allLinear) {
            // Matrices outside of the numbered layers are embeddings and the head, which PEFT leaves out.
            return NUMBERED.matcher(module).matches();
        }
        if (targets == null) {
            return true;
        }
        boolean wholeName = targets.pattern() != null || targets.ends().contains(module);
        return targets.contain(module) && (wholeName || layers.isEmpty() || isInLayers(module));
    }

    private boolean isSavedWhole(String module) {
        return saved.stream().anyMatch(name -> ('.' + module + '.').contains('.' + name + '.'));
    }

    private boolean isInLayers(String module) {
        return layerPatterns.stream()
                .flatMap(pattern -> pattern.layer(module).stream())
                .findFirst()
                .filter(layers::contains)
                .isPresent();
    }
}
