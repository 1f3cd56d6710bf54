package org.jllm.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The text of jllm's own catalogue, cut into its families without being parsed: to parse and check all of it takes longer
 * than to load a small model, and most starts want one.
 *
 * @param head what comes before the first family, down to the line {@code families:}
 * @param families each from its dash to the next one's
 */
record FamilyTexts(String head, List<String> families) {
    private static final String BEGIN = "\nfamilies:\n";
    private static final String DASH = "  - ";

    FamilyTexts {
        families = List.copyOf(families);
    }

    /** Empty if the text is not of the form that jllm's own file has: families in block style, and nothing after them. */
    static Optional<FamilyTexts> of(String yaml) {
        int begin = yaml.indexOf(BEGIN);
        // With neither escapes nor anchors, a name stands in the text as it is, in its own family.
        if (begin < 0 || yaml.indexOf('\\') >= 0 || yaml.indexOf('&') >= 0 || yaml.indexOf('\r') >= 0) {
            return Optional.empty();
        }
        int first = begin + BEGIN.length();
        List<String> families = new ArrayList<>();
        int family = first;
        for (int line = first; line < yaml.length(); line = after(yaml, line)) {
            if (yaml.startsWith(DASH, line)) {
                if (line > family) {
                    families.add(yaml.substring(family, line));
                }
                family = line;
            } else if (!isInside(yaml, line)) {
                return Optional.empty();
            }
        }
        families.add(yaml.substring(family));
        return Optional.of(new FamilyTexts(yaml.substring(0, first), families));
    }

    private static int after(String yaml, int line) {
        int end = yaml.indexOf('\n', line);
        return end < 0 ? yaml.length() : end + 1;
    }

    /** Whether a line is blank, a comment, or belongs to the family above it. */
    private static boolean isInside(String yaml, int line) {
        int from = line;
        while (from < yaml.length() && yaml.charAt(from) == ' ') {
            from++;
        }
        return from == yaml.length()
                || yaml.charAt(from) == '\n'
                || yaml.charAt(from) == '#'
                || from - line >= DASH.length();
    }

    /**
     * A catalogue of those families alone that may have a model of this name, whatever its case; empty if none has.
     *
     * @param name in lower case
     */
    Optional<String> with(String name) {
        StringBuilder part = new StringBuilder(head);
        for (String family : families) {
            if (family.toLowerCase(Locale.ROOT).contains(name)) {
                part.append(family);
            }
        }
        return part.length() == head.length() ? Optional.empty() : Optional.of(part.toString());
    }
}
