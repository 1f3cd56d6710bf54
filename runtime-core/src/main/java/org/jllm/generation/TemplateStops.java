package org.jllm.generation;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jllm.api.GenerationOptions;
import org.jllm.prompt.PromptTemplate;
import org.jllm.tokenizer.Tokenizer;

/** Ends answers where a prompt template says so: at a special token by its id, else where the text has the string. */
final class TemplateStops {
    private TemplateStops() {}

    /** The ids that end a text, and those of the template. */
    static Set<Integer> added(Set<Integer> endIds, Optional<PromptTemplate> template, Tokenizer tokenizer) {
        Set<Integer> all = new HashSet<>(endIds);
        template.ifPresent(chosen -> chosen.stop().forEach(stop -> {
            OptionalInt id = tokenizer.id(stop);
            if (id.isPresent() && tokenizer.specialTokens().ids().contains(id.getAsInt())) {
                all.add(id.getAsInt());
            }
        }));
        return Set.copyOf(all);
    }

    /** The options, with the stop strings of the template besides their own. */
    static GenerationOptions added(GenerationOptions options, PromptTemplate template) {
        if (template.stop().isEmpty()) {
            return options;
        }
        Set<String> all = new LinkedHashSet<>(template.stop());
        if (options.stop() != null) {
            all.addAll(options.stop());
        }
        return GenerationOptions.builder()
                .stop(all.toArray(String[]::new))
                .build()
                .orElse(options);
    }
}
