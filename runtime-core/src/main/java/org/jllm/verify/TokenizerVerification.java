package org.jllm.verify;

import java.util.List;
import org.jllm.verify.Verdict.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What came out of a case.
 *
 * @param name of the case
 * @param samples how many texts and pairs were checked
 * @param wrong how many of them came out wrong
 * @param problems what was wrong, a line each; only the first ones
 * @param unsupported why the case could not be run, or null
 */
public record TokenizerVerification(
        String name,
        int samples,
        int wrong,
        List<String> problems,
        @Nullable String unsupported) {
    public TokenizerVerification {
        problems = List.copyOf(problems);
    }

    static TokenizerVerification unsupported(String name, String reason) {
        return new TokenizerVerification(name, 0, 0, List.of(), reason);
    }

    /** How the case ended; without any sample nothing was proved, so that is a failure. */
    public Outcome outcome() {
        if (unsupported != null) {
            return Outcome.UNSUPPORTED;
        }
        return wrong == 0 && problems.isEmpty() && samples > 0 ? Outcome.PASS : Outcome.FAIL;
    }
}
