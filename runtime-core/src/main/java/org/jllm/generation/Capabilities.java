package org.jllm.generation;

/**
 * What an engine can do with a loaded model.
 *
 * @param slots sequences that can be open at the same time, at least 1; they are numbered from 0
 * @param contextLength positions of a slot
 * @param maxBatchRows most rows of one {@link Batch}
 * @param vocabularySize logits of a row
 * @param embeddingSize width of an embedding row; 0 if rows of embeddings are not taken
 * @param rollback whether {@link DecoderBackend#retain} keeps any number of positions, not only none or all
 * @param fork whether {@link DecoderBackend#fork} can copy a prefix
 * @param encoder whether a slot is opened with the output of an encoder
 * @param cachePositions positions that the caches of all slots may hold together, at least 1
 */
public record Capabilities(
        int slots,
        int contextLength,
        int maxBatchRows,
        int vocabularySize,
        int embeddingSize,
        boolean rollback,
        boolean fork,
        boolean encoder,
        long cachePositions) {}
