package org.jllm.encoding;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a loaded encoder takes and gives.
 *
 * @param outputs that it can compute
 * @param hiddenSize width of a hidden state
 * @param vocabularySize ids are at least 0 and below this
 * @param typeVocabularySize token types are at least 0 and below this; 1 for a model without them
 * @param contextLength most tokens of a text
 * @param positions given positions are at least 0 and below this; 0 for a model that takes none
 * @param boxCoordinates coordinates of boxes are at least 0 and below this; 0 for a model that takes none
 * @param entityVocabularySize entity ids are at least 0 and below this; 0 for a model that takes none
 * @param hidesTokens whether tokens at the end of a text can be hidden from all
 * @param maxBatchTokens most tokens of a batch of several texts
 * @param labels of texts or tokens, in the order of their logits; empty where the model classifies nothing
 * @param problem what {@code config.json} says that its labels are: {@code regression}, {@code
 *     single_label_classification} or {@code multi_label_classification}; null if it says nothing
 */
public record EncoderCapabilities(
        Set<EncoderOutput> outputs,
        int hiddenSize,
        int vocabularySize,
        int typeVocabularySize,
        int contextLength,
        int positions,
        int boxCoordinates,
        int entityVocabularySize,
        boolean hidesTokens,
        int maxBatchTokens,
        List<String> labels,
        @Nullable String problem) {
    public EncoderCapabilities {
        outputs = Set.copyOf(outputs);
        labels = List.copyOf(labels);
    }

    /**
     * Looks whether a batch is one that the model computes, before anything native is touched.
     *
     * @throws IllegalArgumentException if it is not; says why
     */
    public void check(List<EncoderInput> texts, Set<EncoderOutput> wanted) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("a batch needs at least one text");
        }
        for (EncoderInput text : texts) {
            Optional<String> misfit = text.misfit(this);
            if (misfit.isPresent()) {
                throw new IllegalArgumentException(misfit.get());
            }
        }
        long tokens = texts.stream().mapToLong(EncoderInput::length).sum();
        if (texts.size() > 1 && tokens > maxBatchTokens) {
            throw new IllegalArgumentException(texts.size() + " texts have " + tokens
                    + " tokens together, more than the " + maxBatchTokens + " of a batch");
        }
        if (!outputs.containsAll(wanted)) {
            throw new IllegalArgumentException("this model gives " + outputs + " and not all of " + wanted);
        }
    }
}
