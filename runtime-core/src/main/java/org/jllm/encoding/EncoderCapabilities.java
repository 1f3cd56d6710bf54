package org.jllm.encoding;

import java.util.List;
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
}
