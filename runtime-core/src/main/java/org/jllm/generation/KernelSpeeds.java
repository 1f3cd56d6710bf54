package org.jllm.generation;

import java.util.List;

/**
 * How fast an engine multiplies here, in every form that it has for matrices.
 *
 * @param threads that computed
 * @param outputs of each matrix
 * @param inputs of each matrix
 * @param bytes of the matrices that one pass multiplies with, but for what is rounded down to a whole matrix
 * @param memoryGigabytesPerSecond what as many threads read of so much memory: no product that reads its matrices from
 *     memory can be faster
 * @param kernels those of a form together
 */
public record KernelSpeeds(
        int threads, int outputs, int inputs, long bytes, double memoryGigabytesPerSecond, List<KernelSpeed> kernels) {
    public KernelSpeeds {
        kernels = List.copyOf(kernels);
    }
}
