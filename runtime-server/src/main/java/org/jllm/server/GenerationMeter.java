package org.jllm.server;

import org.jllm.api.GenerationResult;

/**
 * Counts generations, each exactly once. It is called on the thread that computes for all requests and must return at once;
 * safe for use by several threads.
 */
interface GenerationMeter {
    /** A generation ended, also by being cancelled. */
    void finished(String model, GenerationResult result);

    /** A generation failed. */
    void failed(String model);
}
