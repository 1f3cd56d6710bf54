package org.jllm.catalogue;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the facts of an entry come from.
 *
 * @param sources what was read
 * @param confidence null: not judged
 */
public record Provenance(List<String> sources, @Nullable Confidence confidence) {
    public Provenance {
        sources = List.copyOf(sources);
    }

    /** How sure they are. */
    public enum Confidence {
        /** Read in code, in a model card or in a configuration. */
        HIGH,
        /** Known, and consistent with something that was read. */
        MEDIUM,
        /** Recalled, or not found. */
        LOW;

        /** As the catalogue writes it. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
