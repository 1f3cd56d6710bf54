package org.jllm.generation;

import org.jspecify.annotations.Nullable;

/**
 * What the files of a model say of it, without its weights being loaded.
 *
 * @param architecture the {@code model_type}, or what the engine's format has for it
 * @param supported whether the engine runs this architecture
 * @param context positions that it was made for; null where the architecture is not known
 * @param vocabularySize logits of a row; null where the architecture is not known
 * @param parameters numbers in all tensors
 * @param bytes of all tensors
 * @param storedType the type that most bytes are stored in, or the name of a quantisation
 * @param tokenizer the class or kind of the tokenizer, as its files name it; null where they do not
 */
public record ModelDescription(
        String architecture,
        boolean supported,
        @Nullable Integer context,
        @Nullable Integer vocabularySize,
        long parameters,
        long bytes,
        String storedType,
        @Nullable String tokenizer) {}
