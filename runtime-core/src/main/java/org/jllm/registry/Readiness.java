package org.jllm.registry;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether this version runs a model.
 *
 * @param engine that runs it, or will; null where no engine comes into question
 * @param sibling whether it is the model's sibling for that engine that runs
 * @param reasons what is missing, for states other than {@link State#RUNS}
 */
public record Readiness(State state, @Nullable String engine, boolean sibling, List<String> reasons) {
    public Readiness {
        reasons = List.copyOf(reasons);
    }

    /** From the best to the worst. */
    public enum State {
        RUNS("runs"),
        NEEDS_PROGRAM("needs an external program"),
        NEEDS_LICENSE("needs a licence"),
        NOT_YET("not yet"),
        CANNOT("cannot");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** In words. */
        public String label() {
            return label;
        }

        /** In one word, for programs: {@code needs-program}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
