package org.jllm.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jllm.api.FinishReason;
import org.jllm.api.GenerationResult;

/** The figures of an answer in one line. */
final class StatusLine {
    private StatusLine() {}

    static String of(GenerationResult result, int contextLength) {
        int used = result.promptTokens() + result.completionTokens();
        List<String> parts = new ArrayList<>();
        if (result.finishReason() == FinishReason.CANCELLED) {
            parts.add("[interrupted]");
        } else if (result.finishReason() == FinishReason.LENGTH) {
            parts.add(used >= contextLength ? "[context full]" : "[max_tokens reached]");
        }
        parts.add(result.completionTokens() + (result.completionTokens() == 1 ? " token" : " tokens"));
        double seconds = result.total().minus(result.timeToFirstToken()).toNanos() / 1e9;
        if (result.completionTokens() > 1 && seconds > 0) {
            parts.add(String.format(Locale.ROOT, "%.1f tokens/s", (result.completionTokens() - 1) / seconds));
        }
        if (result.completionTokens() > 0) {
            parts.add("first after " + result.timeToFirstToken().toMillis() + " ms");
        }
        parts.add("context " + used + "/" + contextLength);
        return String.join(", ", parts);
    }
}
