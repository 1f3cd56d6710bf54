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
 * @param bytes of all tensors as the engine keeps them in the stored type: those of packed ones once they are unpacked
 * @param storedType the type that most bytes are stored in, or the name of a quantisation that the engine computes with
 * @param quantization how the weights are packed that the engine unpacks; null: they are not
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
        @Nullable String quantization,
        @Nullable String tokenizer) {}
