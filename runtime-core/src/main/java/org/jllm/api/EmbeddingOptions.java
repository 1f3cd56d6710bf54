package org.jllm.api;

import org.jspecify.annotations.Nullable;

/**
 * How vectors are made of texts. A component that is null is left to the model.
 *
 * @param kind decides which of the model's prompts is put before a text, and how one that compares token by token reads it;
 *     null: the model's default prompt, and a document
 * @param promptName the name of one of {@link EmbeddingModel#prompts}; not together with kind or prompt
 * @param prompt text that is put before each text; not together with kind or promptName
 * @param dimensions the vector is cut to its first elements, 1 to {@link EmbeddingModel#dimensions}; null: it stays whole
 * @param normalize whether a vector, after it was cut, is brought to length 1; null: if the model's files say so
 * @param maxTokens longest text, special tokens included, at least 1; null: what the model was made for
 * @param truncate whether a longer text is cut, which its result says; else it is refused
 */
public record EmbeddingOptions(
        @Nullable EmbeddingKind kind,
        @Nullable String promptName,
        @Nullable String prompt,
        @Nullable Integer dimensions,
        @Nullable Boolean normalize,
        @Nullable Integer maxTokens,
        boolean truncate) {
    private static final EmbeddingOptions DEFAULTS = new EmbeddingOptions(null, null, null, null, null, null, true);

    public EmbeddingOptions {
        if ((kind == null ? 0 : 1) + (promptName == null ? 0 : 1) + (prompt == null ? 0 : 1) > 1) {
            throw new InvalidRequestException(
                    "only one of query or document, a prompt and a prompt's name can be given");
        }
        atLeastOne("dimensions", dimensions);
        atLeastOne("max_tokens", maxTokens);
    }

    private static void atLeastOne(String name, @Nullable Integer value) {
        if (value != null && value < 1) {
            throw new InvalidRequestException(name + " must be at least 1, not " + value);
        }
    }

    /** All as the model's files say; longer texts are cut. */
    public static EmbeddingOptions defaults() {
        return DEFAULTS;
    }

    /** The defaults for what is asked. */
    public static EmbeddingOptions query() {
        return DEFAULTS.withKind(EmbeddingKind.QUERY);
    }

    /** The defaults for what is to be found. */
    public static EmbeddingOptions document() {
        return DEFAULTS.withKind(EmbeddingKind.DOCUMENT);
    }

    public EmbeddingOptions withKind(@Nullable EmbeddingKind other) {
        return new EmbeddingOptions(other, promptName, prompt, dimensions, normalize, maxTokens, truncate);
    }

    public EmbeddingOptions withPromptName(@Nullable String name) {
        return new EmbeddingOptions(kind, name, prompt, dimensions, normalize, maxTokens, truncate);
    }

    public EmbeddingOptions withPrompt(@Nullable String text) {
        return new EmbeddingOptions(kind, promptName, text, dimensions, normalize, maxTokens, truncate);
    }

    public EmbeddingOptions withDimensions(@Nullable Integer count) {
        return new EmbeddingOptions(kind, promptName, prompt, count, normalize, maxTokens, truncate);
    }

    public EmbeddingOptions withNormalize(@Nullable Boolean unit) {
        return new EmbeddingOptions(kind, promptName, prompt, dimensions, unit, maxTokens, truncate);
    }

    public EmbeddingOptions withMaxTokens(@Nullable Integer most) {
        return new EmbeddingOptions(kind, promptName, prompt, dimensions, normalize, most, truncate);
    }

    public EmbeddingOptions withTruncate(boolean cut) {
        return new EmbeddingOptions(kind, promptName, prompt, dimensions, normalize, maxTokens, cut);
    }
}
