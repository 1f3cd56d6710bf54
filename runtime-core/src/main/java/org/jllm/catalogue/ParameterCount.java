package org.jllm.catalogue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of a model as people say it: {@code 7b}, {@code 110m}, {@code 1.3b}. Ordered by the number of parameters.
 *
 * @param parameters their number, at least 1; rounded, as the text is
 * @param text as it was written, in lower case
 */
public record ParameterCount(long parameters, String text) implements Comparable<ParameterCount> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)([kmb])");
    private static final Comparator<ParameterCount> ORDER =
            Comparator.comparingLong(ParameterCount::parameters).thenComparing(ParameterCount::text);

    /** The size of a text; empty if it is none. */
    public static Optional<ParameterCount> parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        Matcher matcher = FORM.matcher(lower);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int zeros = 3 * (1 + "kmb".indexOf(matcher.group(2)));
        long parameters =
                new BigDecimal(matcher.group(1)).scaleByPowerOfTen(zeros).longValue();
        return parameters < 1 ? Optional.empty() : Optional.of(new ParameterCount(parameters, lower));
    }

    /** The size of so many parameters, in two digits. */
    public static ParameterCount rounded(long parameters) {
        BigDecimal number = new BigDecimal(Math.max(1000, parameters)).round(new MathContext(2));
        int power = Math.min(3, (number.precision() - number.scale() - 1) / 3);
        String text =
                number.scaleByPowerOfTen(-3 * power).stripTrailingZeros().toPlainString() + "kmb".charAt(power - 1);
        return new ParameterCount(number.longValue(), text);
    }

    @Override
    public int compareTo(ParameterCount other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return text;
    }
}
