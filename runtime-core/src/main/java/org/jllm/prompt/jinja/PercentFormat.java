package org.jllm.prompt.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code format % values}: conversions s, r, d, i, u, f, x, X, o, c and %. */
final class PercentFormat {
    private static final int MOST_WIDTH = 1000;
    private static final Pattern CONVERSION =
            Pattern.compile("%(?:\\((\\w*)\\))?([-+ 0#]*)(\\d{0,4})(?:\\.(\\d{0,4}))?([a-zA-Z%])");

    private final Printer printer;

    PercentFormat(Printer printer) {
        this.printer = printer;
    }

    Text format(Text format, Object values) {
        List<Object> arguments = values instanceof Sequence sequence && sequence.type() == Sequence.Type.TUPLE
                ? sequence
                : List.of(values);
        TextBuilder out = new TextBuilder();
        Matcher matcher = CONVERSION.matcher(format.toString());
        int position = 0;
        int next = 0;
        for (int percent = next(format, 0); percent >= 0; percent = next(format, position)) {
            out.append(format, position, percent);
            if (!matcher.region(percent, format.length()).lookingAt()) {
                throw JinjaException.runtime("incomplete format");
            }
            position = matcher.end();
            if (matcher.group(5).equals("%")) {
                out.append("%");
                continue;
            }
            Object value;
            if (matcher.group(1) != null) {
                Object key = Text.of(matcher.group(1));
                if (!(values instanceof Map<?, ?> map) || !map.containsKey(key)) {
                    throw JinjaException.runtime("format has no value for '" + key + "'");
                }
                value = map.get(key);
            } else if (next < arguments.size()) {
                value = arguments.get(next++);
            } else {
                throw JinjaException.runtime("not enough arguments for format string");
            }
            pad(convert(value, matcher), matcher, out);
        }
        if (next < arguments.size() && !(values instanceof Map)) {
            throw JinjaException.runtime("not all arguments converted during string formatting");
        }
        return out.append(format, position, format.length()).toText();
    }

    private static int next(Text format, int from) {
        return format.toString().indexOf('%', from);
    }

    private Text convert(Object value, Matcher spec) {
        String precision = spec.group(4);
        switch (spec.group(5)) {
            case "s", "r":
                Text text = spec.group(5).equals("s") ? printer.str(value) : printer.repr(value);
                return precision == null ? text : text.slice(0, text.offset(digits(precision)));
            case "d", "i", "u", "x", "X", "o", "f", "F":
                Number number = Values.number(value);
                if (number == null || !Double.isFinite(number.doubleValue())) {
                    throw JinjaException.runtime("%" + spec.group(5) + " needs a number, not " + Values.type(value));
                }
                String shown = shown(number, spec.group(5), precision == null ? 6 : digits(precision));
                boolean negative = shown.startsWith("-");
                return Text.of(
                        negative
                                ? shown
                                : spec.group(2).contains("+")
                                        ? "+" + shown
                                        : spec.group(2).contains(" ") ? " " + shown : shown);
            default:
                throw JinjaException.runtime("unsupported format character '" + spec.group(5) + "'");
        }
    }

    private static String shown(Number number, String conversion, int precision) {
        return switch (conversion) {
            case "f", "F" -> {
                BigDecimal exact = number instanceof Long
                        ? BigDecimal.valueOf(number.longValue())
                        : new BigDecimal(number.doubleValue());
                yield exact.setScale(Math.min(precision, MOST_WIDTH), RoundingMode.HALF_EVEN)
                        .toPlainString();
            }
            case "x" -> Long.toString(number.longValue(), 16);
            case "X" -> Long.toString(number.longValue(), 16).toUpperCase(java.util.Locale.ROOT);
            case "o" -> Long.toString(number.longValue(), 8);
            default -> Long.toString(number.longValue());
        };
    }

    private static int digits(String digits) {
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private static void pad(Text text, Matcher spec, TextBuilder out) {
        int missing = Math.min(digits(spec.group(3)), MOST_WIDTH) - text.size();
        if (missing <= 0) {
            out.append(text);
        } else if (spec.group(2).contains("-")) {
            out.append(text).append(" ".repeat(missing));
        } else if (spec.group(2).contains("0") && !spec.group(5).equals("s")) {
            int sign = text.toString().startsWith("-") || text.toString().startsWith("+") ? 1 : 0;
            out.append(text, 0, sign).append("0".repeat(missing)).append(text, sign, text.length());
        } else {
            out.append(" ".repeat(missing)).append(text);
        }
    }
}
