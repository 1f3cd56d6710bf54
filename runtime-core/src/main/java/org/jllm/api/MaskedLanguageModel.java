package org.jllm.api;

import java.util.List;

/**
 * A loaded encoder that fills gaps in texts. Safe for use by several threads; their texts are computed together.
 */
public interface MaskedLanguageModel extends AutoCloseable {
    /** The name that it was opened by. */
    String name();

    /** What stands for a gap in a text; {@code [MASK]} is understood by every model, too. */
    String maskToken();

    /**
     * What a gap may hold.
     *
     * @param token by its name in the vocabulary
     * @param probability 0 to 1
     * @param text the whole text with this gap filled, if it is the only one; else the text of the token
     */
    record Filling(int id, String token, double probability, String text) {}

    /**
     * Fills the gaps of a text, each as if the others stayed open.
     *
     * @param count the likeliest fillings of each gap, at least 1
     * @return for each gap, in the order of the text, its fillings, likeliest first
     * @throws InvalidRequestException if the text has no gap or is too long
     */
    List<List<Filling>> fill(String text, int count);

    /** Frees the model. */
    @Override
    void close();
}
