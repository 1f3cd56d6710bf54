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
 * @param architecture the {@code model_type} of its configuration
 * @param loader {@code transformers}, {@code gguf} or {@code onnx}
 * @param tasks what it is good for; at least one
 * @param template the prompt template that it was trained on; null: it continues texts, or its own files have one
 * @param context positions that it was trained for; null: as its own configuration says
 * @param shape of a decoder; null: not known
 * @param pooling of an embedding model; null: none is known
 * @param settings its layer of settings
 * @param requires programs that have to be installed, such as {@code jumanpp}
 * @param note what a user has to know or do; null: nothing
 */
public record Entry(
        String id,
        List<String> aliases,
        String family,
        String section,
        String developer,
        ParameterCount size,
        String architecture,
        String loader,
        List<Task> tasks,
        License license,
        @Nullable TemplateChoice template,
        @Nullable Integer context,
        @Nullable ModelShape shape,
        TokenizerHint tokenizer,
        @Nullable Pooling pooling,
        Weights weights,
        Location location,
        Siblings siblings,
        Settings settings,
        List<String> requires,
        @Nullable String note,
        Provenance provenance) {
    public Entry {
        aliases = List.copyOf(aliases);
        tasks = List.copyOf(tasks);
        requires = List.copyOf(requires);
    }
}
