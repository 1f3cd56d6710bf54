package org.jllm.catalogue;

import org.jspecify.annotations.Nullable;

/**
 * What a repository's own files do not say of its tokenizer.
 *
 * @param kind such as {@code t5-spm-lower}; null: as its files say
 * @param repository that the tokenizer's files are taken from; null: the model's own
 */
public record TokenizerHint(@Nullable String kind, @Nullable String repository) {
    /** Nothing to add to the files. */
    public static final TokenizerHint NONE = new TokenizerHint(null, null);
}
