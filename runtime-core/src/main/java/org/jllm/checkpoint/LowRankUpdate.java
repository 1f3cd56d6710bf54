package org.jllm.checkpoint;

/**
 * A product of two thin matrices that an adapter adds to a weight: {@code scale * b * a}.
 *
 * @param a [rank, inputs]
 * @param b [outputs, rank]
 * @param transposed whether the weight is stored [inputs, outputs], so that the product is transposed before it is added
 */
public record LowRankUpdate(StoredTensor a, StoredTensor b, double scale, boolean transposed) {}
