package org.jllm.catalogue;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them: {@code 512MiB}, {@code 1.5GB}, {@code 4G}, {@code 1048576}. */
public final class ByteSize {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*(?:([kmgt])(i?b)?|b)?", Pattern.CASE_INSENSITIVE);
    private static final String PREFIXES = "kmgt";

    private ByteSize() {}

    /**
     * The bytes of a text. {@code KB}, {@code MB}, … are powers of 1000; {@code KiB} and the bare {@code K} of 1024.
     *
     * @return empty if the text is no such number or beyond a long
     */
    public static Optional<Long> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long unit = 1;
        if (matcher.group(2) != null) {
            int power = PREFIXES.indexOf(matcher.group(2).toLowerCase(Locale.ROOT)) + 1;
            boolean decimal = "b".equalsIgnoreCase(matcher.group(3));
            unit = decimal ? (long) Math.pow(1000, power) : 1L << (10 * power);
        }
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        return bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? Optional.empty()
                : Optional.of(bytes.longValue());
    }

    /** The bytes in the largest binary unit that they fill, with one decimal below 10: {@code 2.1 GiB}, {@code 450 MiB}. */
    public static String format(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int power = 0;
        while (value >= 1023.5 && power < PREFIXES.length()) {
            value /= 1024;
            power++;
        }
        char prefix = Character.toUpperCase(PREFIXES.charAt(power - 1));
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f %ciB" : "%.0f %ciB", value, prefix);
    }
}
