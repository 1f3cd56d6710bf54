package org.jllm.embedding;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jllm.api.EmbeddingKind;
import org.jllm.api.EmbeddingOptions;
import org.jllm.api.InvalidModelException;
import org.jllm.api.InvalidRequestException;
import org.jllm.checkpoint.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * What a model wants before its texts.
 *
 * @param byName in the order of the file
 * @param defaultName of the one that is used where nothing is asked for; null: none
 */
record Prompts(Map<String, String> byName, @Nullable String defaultName) {
    private static final String DEFAULT = "default_prompt_name";

    /** Names under which prompts for documents are looked for, in this order. */
    private static final List<String> OF_DOCUMENTS = List.of("document", "passage", "corpus");

    static Prompts none() {
        return new Prompts(Map.of(), null);
    }

    /** Reads {@code config_sentence_transformers.json}, if there is one. */
    static Prompts read(Path folder) {
        Path file = folder.resolve("config_sentence_transformers.json");
        if (!file.toFile().exists()) {
            return none();
        }
        ModelConfig config = ModelConfig.readFile(file);
        Map<String, String> byName = new LinkedHashMap<>();
        config.object("prompts")
                .ifPresent(prompts -> prompts.fields().forEach(name -> byName.put(name, prompts.stringOr(name, ""))));
        String defaultName = config.has(DEFAULT) ? config.stringOr(DEFAULT, "") : null;
        if (defaultName != null && !byName.containsKey(defaultName)) {
            throw new InvalidModelException(
                    file + ": " + DEFAULT + " is '" + defaultName + "', but there is no such prompt");
        }
        return new Prompts(byName, defaultName);
    }

    /**
     * The text that comes before each text.
     *
     * @throws InvalidRequestException if the model has no prompt of the name that is asked for
     */
    String of(EmbeddingOptions options) {
        if (options.prompt() != null) {
            return options.prompt();
        }
        String name = options.promptName();
        if (name != null) {
            return Optional.ofNullable(byName.get(name))
                    .orElseThrow(() -> new InvalidRequestException("the model has no prompt '" + name + "'; "
                            + (byName.isEmpty() ? "it has none" : "there are: " + String.join(", ", byName.keySet()))));
        }
        List<String> names = options.kind() == null
                ? List.of()
                : options.kind() == EmbeddingKind.QUERY ? List.of("query") : OF_DOCUMENTS;
        return names.stream()
                .filter(byName::containsKey)
                .findFirst()
                .or(() -> Optional.ofNullable(defaultName))
                .map(found -> byName.getOrDefault(found, ""))
                .orElse("");
    }
}
