package org.jllm.server;

import java.time.Duration;

/** Counts requests for vectors, each exactly once. Safe for use by several threads. */
interface EmbeddingMeter {
    /**
     * A request was answered.
     *
     * @param texts of the request
     * @param tokens that the model read of them
     * @param time from the begin of computing to the end
     */
    void embedded(String model, int texts, long tokens, Duration time);

    /** A request failed. */
    void failed(String model);
}
