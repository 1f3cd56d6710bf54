package org.jllm.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model of the catalogue.
 *
 * @param id the repository as its publisher writes it, or a slug {@code family-size}
 * @param aliases shorter names
 * @param family the group of models that it belongs to
 * @param section of the list of models: {@code generative-scratch}, {@code encoder}, {@code embedding}, …
 * @param size parameters as people say them: {@code 7b}, {@code 6m}
 * @param architecture the {@code model_type} of its configuration
 * @param loader {@code transformers}, {@code gguf} or {@code onnx}
 * @param tasks what it is good for: {@code chat}, {@code completion}, {@code embedding}, …
 * @param template the prompt template that it was trained on; null: the one in its own files
 * @param context positions that it was trained for; null: as its own configuration says
 * @param gguf the same model in GGUF, for the engine {@code gguf}; null: none is known
 * @param settings its layer of settings
 */
public record Entry(
        String id,
        List<String> aliases,
        String family,
        String section,
        String developer,
        String size,
        String architecture,
        String loader,
        List<String> tasks,
        License license,
        @Nullable String template,
        @Nullable Integer context,
        Location location,
        @Nullable Location gguf,
        Settings settings) {
    public Entry {
        aliases = List.copyOf(aliases);
        tasks = List.copyOf(tasks);
    }
}
