package org.jllm.checkpoint.peft;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jllm.api.InvalidModelException;
import org.jllm.checkpoint.StrictJson;

/**
 * A regular expression from an adapter's configuration, which nobody vouches for: how long it may search is bounded, alone
 * and together with the others of a file. Not thread-safe.
 */
final class ModulePattern {
    private static final int LONGEST = 10_000;
    private static final int MOST_STEPS = 1_000_000;

    private final Pattern pattern;
    private final String where;
    private final Effort effort;

    /** How often the patterns of a file may look at a character. */
    static final class Effort {
        private long left = 1_000_000_000;
    }

    /**
     * @param regex in Python's syntax
     * @param where it stands, for errors
     * @param effort of all patterns of the file
     */
    ModulePattern(String regex, String where, Effort effort) {
        this.where = where;
        this.effort = effort;
        try {
            if (regex.length() > LONGEST) {
                throw new InvalidModelException(where + " is longer than " + LONGEST + " characters");
            }
            pattern = Pattern.compile(regex.replace("(?P<", "(?<"));
        } catch (PatternSyntaxException | StackOverflowError e) {
            throw new InvalidModelException(
                    where + " is no regular expression that can be used: " + StrictJson.bounded(regex), e);
        }
    }

    boolean matches(String module) {
        return match(module, Matcher::matches);
    }

    /** The number of a layer, if the name matches: what the group {@code layer} of the pattern caught. */
    Optional<Integer> layer(String module) {
        return match(
                module,
                matcher -> matcher.matches() && matcher.end("layer") - matcher.start("layer") < 9
                        ? Optional.of(Integer.parseInt(module, matcher.start("layer"), matcher.end("layer"), 10))
                        : Optional.empty());
    }

    private <T> T match(String module, Function<Matcher, T> question) {
        try {
            return question.apply(pattern.matcher(new Steps(module, effort)));
        } catch (TooLong | StackOverflowError e) {
            throw new InvalidModelException(
                    where + " takes too long to compare with module names: " + StrictJson.bounded(pattern.pattern()),
                    e);
        }
    }

    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A text that counts how often it is looked at. */
    private static final class Steps implements CharSequence {
        private final CharSequence text;
        private final Effort effort;
        private int taken;

        Steps(CharSequence text, Effort effort) {
            this.text = text;
            this.effort = effort;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++taken > MOST_STEPS || --effort.left < 0) {
                throw new TooLong();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
