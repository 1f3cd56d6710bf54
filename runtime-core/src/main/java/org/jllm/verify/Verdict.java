package org.jllm.verify;

/**
 * The outcome of one golden case.
 *
 * @param measured the largest difference, or wrong of all samples; empty where nothing was computed
 * @param allowed the tolerance; empty where there is none
 * @param detail what did not fit or is not supported; empty for a pass
 */
public record Verdict(String name, String measured, String allowed, Outcome outcome, String detail) {
    /** How a case ended. */
    public enum Outcome {
        PASS,
        FAIL,
        UNSUPPORTED
    }
}
