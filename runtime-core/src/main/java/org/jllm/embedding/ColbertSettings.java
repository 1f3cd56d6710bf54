package org.jllm.embedding;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jllm.api.UnsupportedModelException;
import org.jllm.checkpoint.ModelConfig;

/**
 * How a ColBERT model reads texts: its {@code artifact.metadata}, with the defaults of the class.
 *
 * @param queryMarker token that stands after the first one of a query
 * @param documentMarker token that stands there in a document
 * @param queryTokens length that queries are filled to with mask tokens, and cut to
 * @param documentTokens longest document
 * @param attendsToMasks whether the mask tokens of a query are seen by its others
 * @param dropsPunctuation whether ASCII punctuation in documents gets no vector
 * @param dimensions of a vector
 */
record ColbertSettings(
        String queryMarker,
        String documentMarker,
        int queryTokens,
        int documentTokens,
        boolean attendsToMasks,
        boolean dropsPunctuation,
        int dimensions) {
    private static final String FILE = "artifact.metadata";
    private static final int MOST_TOKENS = 1 << 20;
    private static final int MOST_DIMENSIONS = 1 << 16;

    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /**
     * Reads the file, if there is one.
     *
     * @throws UnsupportedModelException if vectors are compared otherwise than by their products
     */
    static ColbertSettings read(Path folder) {
        Path file = folder.resolve(FILE);
        ModelConfig config = isIn(folder) ? ModelConfig.readFile(file) : ModelConfig.parse("{}", file.toString());
        String similarity = config.stringOr("similarity", "cosine");
        if (!similarity.equals("cosine")) {
            throw new UnsupportedModelException(
                    file + ": similarity is '" + similarity + "', but only 'cosine' is supported");
        }
        return new ColbertSettings(
                config.stringOr("query_token_id", "[unused0]"),
                config.stringOr("doc_token_id", "[unused1]"),
                config.intOr("query_maxlen", 32, 4, MOST_TOKENS),
                config.intOr("doc_maxlen", 220, 4, MOST_TOKENS),
                config.boolOr("attend_to_mask_tokens", false),
                config.boolOr("mask_punctuation", true),
                config.intOr("dim", 128, 1, MOST_DIMENSIONS));
    }
}
