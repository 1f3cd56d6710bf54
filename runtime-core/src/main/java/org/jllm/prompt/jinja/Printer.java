package org.jllm.prompt.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;

/** Python's {@code str} and {@code repr}. */
final class Printer {
    private final Budget budget;

    Printer(Budget budget) {
        this.budget = budget;
    }

    Text str(Object value) {
        if (value instanceof Text text) {
            budget.chars(text.length());
            return text;
        } else if (value instanceof Undefined) {
            return Text.EMPTY;
        }
        return repr(value);
    }

    Text repr(Object value) {
        TextBuilder out = new TextBuilder();
        repr(value, out);
        return out.toText();
    }

    private void repr(Object value, TextBuilder out) {
        budget.enter();
        budget.chars(2);
        if (value instanceof Text text) {
            quote(text, out);
        } else if (value instanceof Boolean flag) {
            out.append(flag ? "True" : "False");
        } else if (value instanceof Double number) {
            out.append(number(number));
        } else if (value instanceof None) {
            out.append("None");
        } else if (value instanceof Undefined) {
            out.append("Undefined");
        } else if (value instanceof Map<?, ?> map) {
            out.append("{");
            String comma = "";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(comma);
                repr(entry.getKey(), out);
                out.append(": ");
                repr(entry.getValue(), out);
                comma = ", ";
            }
            out.append("}");
        } else if (value instanceof Sequence sequence) {
            sequence(sequence, out);
        } else if (value instanceof View view) {
            out.append(view.type()).append("([");
            elements(view.elements(), out);
            out.append("])");
        } else if (value instanceof Namespace namespace) {
            out.append("<Namespace ");
            repr(namespace.attributes(), out);
            out.append(">");
        } else if (value instanceof Long) {
            out.append(value.toString());
        } else {
            out.append("<" + Values.type(value) + ">");
        }
        budget.leave();
    }

    private void sequence(Sequence sequence, TextBuilder out) {
        if (sequence.type() == Sequence.Type.RANGE) {
            int size = sequence.size();
            Object first = size == 0 ? 0L : sequence.get(0);
            long step = size < 2 ? 1 : (Long) sequence.get(1) - (Long) first;
            long end = size == 0 ? 0 : (Long) sequence.get(size - 1) + step;
            out.append("range(" + first + ", " + end + (step == 1 ? "" : ", " + step) + ")");
            return;
        }
        boolean tuple = sequence.type() == Sequence.Type.TUPLE;
        out.append(tuple ? "(" : "[");
        elements(sequence, out);
        out.append(tuple ? (sequence.size() == 1 ? ",)" : ")") : "]");
    }

    private void elements(List<Object> elements, TextBuilder out) {
        String comma = "";
        for (Object element : elements) {
            out.append(comma);
            repr(element, out);
            comma = ", ";
        }
    }

    private void quote(Text text, TextBuilder out) {
        String chars = text.toString();
        budget.chars(chars.length());
        char quote = chars.indexOf('\'') >= 0 && chars.indexOf('"') < 0 ? '"' : '\'';
        out.append(String.valueOf(quote));
        for (int i = 0, c; i < chars.length(); i += Character.charCount(c)) {
            c = chars.codePointAt(i);
            String shown;
            if (c == quote || c == '\\') {
                shown = "\\" + (char) c;
            } else if (c == '\n') {
                shown = "\\n";
            } else if (c == '\r') {
                shown = "\\r";
            } else if (c == '\t') {
                shown = "\\t";
            } else if (Characters.isPrintable(c)) {
                shown = Character.toString(c);
            } else {
                shown = c < 0x100
                        ? "\\x%02x".formatted(c)
                        : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c);
            }
            out.append(shown, text.isContent(i));
        }
        out.append(String.valueOf(quote));
    }

    /** The shortest digits that give the same number again, as Python writes them. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        } else if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        } else if (value == 0) {
            return 1 / value > 0 ? "0.0" : "-0.0";
        }
        BigDecimal exact = new BigDecimal(value);
        int precision = 1;
        BigDecimal shortest = exact.round(new MathContext(precision));
        while (shortest.doubleValue() != value) {
            shortest = exact.round(new MathContext(++precision));
        }
        String digits = shortest.unscaledValue().abs().toString().replaceFirst("0+$", "");
        int point = shortest.precision() - shortest.scale();
        String sign = value < 0 ? "-" : "";
        if (point > 16 || point < -3) {
            int exponent = point - 1;
            return sign
                    + digits.charAt(0)
                    + (digits.length() > 1 ? "." + digits.substring(1) : "")
                    + (exponent < 0 ? "e-" : "e+")
                    + "%02d".formatted(Math.abs(exponent));
        } else if (point <= 0) {
            return sign + "0." + "0".repeat(-point) + digits;
        } else if (digits.length() <= point) {
            return sign + digits + "0".repeat(point - digits.length()) + ".0";
        }
        return sign + digits.substring(0, point) + "." + digits.substring(point);
    }
}
