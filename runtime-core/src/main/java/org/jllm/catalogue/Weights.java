package org.jllm.catalogue;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a model's weights are to be had.
 *
 * @param where a page or a download, for {@link Availability#ELSEWHERE}
 * @param adapterBase the repository whose weights this one only adapts; null: it is complete in itself
 * @param baseGated whether the hub gives that repository only to users who have accepted its licence
 */
public record Weights(
        Availability availability,
        @Nullable String where,
        WeightFormat format,
        @Nullable String adapterBase,
        boolean baseGated) {
    /** Who has them. */
    public enum Availability {
        /** This machine or the library itself. */
        LOCAL,
        /** A repository of the Hugging Face hub. */
        HUB,
        /** A page outside the hub; jllm does not download from there. */
        ELSEWHERE,
        /** They are not public. */
        NONE;

        /** As the catalogue writes it. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
