package org.jllm.embedding;

import org.jllm.api.EngineException;

/** Looks whether the numbers of a model are any. */
final class Finite {
    private Finite() {}

    /**
     * The same numbers.
     *
     * @throws EngineException if one is infinite or not a number
     */
    static float[] require(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new EngineException("the model gives numbers that are not finite (" + value
                        + "): its weights are damaged, or too large for its number type (try --dtype float32)");
            }
        }
        return values;
    }
}
