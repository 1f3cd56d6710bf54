package org.jllm.catalogue;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The licence of a model's weights.
 *
 * @param name as its publisher calls it
 * @param link to its text
 * @param gated whether the hub gives the files only to users who have accepted the licence there
 */
public record License(String name, @Nullable String link, Commercial commercial, boolean gated) {
    /** Whether the weights may be used to earn money. */
    public enum Commercial {
        YES,
        NO,
        /** Within limits that the licence's text gives. */
        CONDITIONAL,
        /** The publisher does not say. */
        UNKNOWN;

        /** As the catalogue writes it. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
