package org.jllm.prompt.jinja;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one object that a template can change. */
record Namespace(Map<String, Object> attributes) {
    // Identity, as in Python; also, it may hold itself.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
