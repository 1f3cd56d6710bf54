package org.jllm.catalogue;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a model's tokenizer.
 *
 * @param className that the repository's own files name; null: not known
 * @param kind, where those files do not say enough, such as {@code t5-spm-lower}; null: as its files say
 * @param repository that the tokenizer's files are taken from; null: the model's own
 */
public record TokenizerHint(
        @Nullable String className,
        @Nullable String kind,
        @Nullable String repository) {
    /** Nothing to add to the files. */
    public static final TokenizerHint NONE = new TokenizerHint(null, null, null);
}
