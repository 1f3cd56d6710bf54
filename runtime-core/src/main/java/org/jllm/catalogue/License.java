package org.jllm.catalogue;

import org.jspecify.annotations.Nullable;

/**
 * The licence of a model's weights.
 *
 * @param name as its publisher calls it
 * @param link to its text
 */
public record License(String name, @Nullable String link) {}
