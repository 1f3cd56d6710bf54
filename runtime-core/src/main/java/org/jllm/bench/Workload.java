package org.jllm.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** What contestants are given to do; each of them the same. */
public sealed interface Workload {
    /** Its numbers, by their names for programs. */
    Map<String, Integer> counts();

    /**
     * Greedy continuations of random prompts, computed together.
     *
     * @param streams texts at once, at least 1
     * @param promptTokens of each text, at least 1
     * @param generatedTokens of each text, at least 2
     */
    record Texts(int streams, int promptTokens, int generatedTokens) implements Workload {
        @Override
        public Map<String, Integer> counts() {
            Map<String, Integer> counts = new LinkedHashMap<>();
            counts.put("streams", streams);
            counts.put("prompt_tokens", promptTokens);
            counts.put("generated_tokens", generatedTokens);
            return counts;
        }
    }

    /**
     * Vectors of sentences.
     *
     * @param count of them, at least 1
     * @param batch so many are handed over at a time, at least 1
     */
    record Sentences(int count, int batch) implements Workload {
        @Override
        public Map<String, Integer> counts() {
            Map<String, Integer> counts = new LinkedHashMap<>();
            counts.put("sentences", count);
            counts.put("batch", batch);
            return counts;
        }
    }
}
