package org.jllm.generation;

/**
 * How fast an engine multiplies rows with matrices, the rounding of the rows and of the results included.
 *
 * @param type of the numbers in the matrices
 * @param library that does it
 * @param rows that go in at once
 * @param gigabytesPerSecond of the matrices
 * @param gigaflops additions and multiplications, 10⁹ a second
 */
public record KernelSpeed(String type, String library, int rows, double gigabytesPerSecond, double gigaflops) {
    private static final int OPERATIONS = 2;

    /** Numbers of the matrices, 10⁹ a second. */
    public double gigaNumbersPerSecond() {
        return gigaflops / OPERATIONS / rows;
    }
}
