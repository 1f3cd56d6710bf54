package org.jllm;

import org.jspecify.annotations.Nullable;

/**
 * What the files of an adapter say of it.
 *
 * @param form the kind and its numbers, for people: {@code LoRA of rank 8, alpha 16}
 * @param base the repository that it is for; null where nobody says it
 */
public record AdapterDescription(String form, @Nullable String base) {}
