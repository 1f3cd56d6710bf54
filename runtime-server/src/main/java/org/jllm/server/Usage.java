package org.jllm.server;

import java.util.List;
import org.jllm.api.GenerationResult;

/** Tokens of a request: those of each prompt once, however many answers it got. */
record Usage(int promptTokens, int completionTokens, int totalTokens, Details promptTokensDetails) {
    record Details(int cachedTokens) {}

    /** @param n answers to each prompt, which follow each other */
    static Usage of(List<GenerationResult> results, int n) {
        int prompt = 0;
        int cached = 0;
        int completion = 0;
        for (int i = 0; i < results.size(); i++) {
            GenerationResult result = results.get(i);
            if (i % n == 0) {
                prompt += result.promptTokens();
                cached += result.cachedTokens();
            }
            completion += result.completionTokens();
        }
        return new Usage(prompt, completion, prompt + completion, new Details(cached));
    }
}
