package org.jllm.api;

/**
 * What a model is doing, and what it has done since it was loaded.
 *
 * @param running requests that are computed
 * @param waiting requests that wait for a place
 * @param requests that have been accepted
 * @param promptTokens tokens of their prompts
 * @param reusedTokens those of them that were found in a cache and not computed again
 * @param generatedTokens tokens that were generated
 * @param guessedTokens tokens that prompt lookup guessed and a step computed
 * @param acceptedTokens those of them that the text went on with, each of which spared a step
 * @param prefixHits requests that found at least one token in a cache
 * @param preemptions requests that were put back for want of cache memory, to be computed again
 * @param cachePositions positions that the caches hold now, kept beginnings included
 * @param cacheCapacity positions that they may hold
 */
public record ModelStatistics(
        int running,
        int waiting,
        long requests,
        long promptTokens,
        long reusedTokens,
        long generatedTokens,
        long guessedTokens,
        long acceptedTokens,
        long prefixHits,
        long preemptions,
        long cachePositions,
        long cacheCapacity) {}
