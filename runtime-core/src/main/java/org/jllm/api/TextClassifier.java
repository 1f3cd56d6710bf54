package org.jllm.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A loaded encoder that labels texts or their tokens. Safe for use by several threads; their texts are computed together. */
public interface TextClassifier extends AutoCloseable {
    /** The name that it was opened by. */
    String name();

    /** Its labels, in the order of the model's logits. */
    List<String> labels();

    /** Whether it labels tokens, with {@link #classifyTokens}, and not whole texts, with {@link #classify}. */
    boolean labelsTokens();

    /**
     * A label and how well it fits.
     *
     * @param score a probability, 0 to 1, of all labels together 1 or each by itself as the model was trained; the bare
     *     number where the model is one of regression
     */
    record Label(String name, double score) {}

    /**
     * A token of a text.
     *
     * @param token by its name in the vocabulary
     * @param labels best first
     */
    record LabelledToken(String token, List<Label> labels) {
        public LabelledToken {
            labels = List.copyOf(labels);
        }
    }

    /**
     * Labels texts.
     *
     * @return for each text all labels, best first
     * @throws InvalidRequestException if a text is too long, or the model labels tokens
     */
    List<List<Label>> classify(List<String> texts);

    /**
     * Labels a text, or a pair of texts where the model compares two.
     *
     * @param second null: there is one text only
     */
    List<Label> classify(String first, @Nullable String second);

    /**
     * Labels the tokens of a text, special tokens too.
     *
     * @throws InvalidRequestException if the text is too long, or the model labels texts
     */
    List<LabelledToken> classifyTokens(String text);

    /** Frees the model. */
    @Override
    void close();
}
