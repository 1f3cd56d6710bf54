package org.jllm.registry;

import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jllm.catalogue.License;
import org.jllm.catalogue.License.Commercial;

/** A condition on a licence: what it says of commercial use, or a part of its name. */
public record LicenseFilter(String wanted) implements Predicate<License> {
    /** Whether commercial use is allowed, with or without conditions. */
    public static final String COMMERCIAL = "commercial";

    private static final Set<Commercial> ALLOWED = Set.of(Commercial.YES, Commercial.CONDITIONAL);

    @Override
    public boolean test(License license) {
        String word = wanted.strip().toLowerCase(Locale.ROOT);
        if (word.equals(COMMERCIAL)) {
            return ALLOWED.contains(license.commercial());
        }
        for (Commercial commercial : Commercial.values()) {
            if (commercial.key().equals(word)) {
                return license.commercial() == commercial;
            }
        }
        return SearchText.of(license.name()).contains(SearchText.of(word));
    }
}
