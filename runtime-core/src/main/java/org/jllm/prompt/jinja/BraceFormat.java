package org.jllm.prompt.jinja;

import org.jspecify.annotations.Nullable;

/** Python's {@code str.format} with plain fields: {@code {}}, {@code {0}} and {@code {name}}. */
final class BraceFormat {
    private final Printer printer;

    BraceFormat(Printer printer) {
        this.printer = printer;
    }

    Text format(Text format, Arguments arguments) {
        TextBuilder out = new TextBuilder();
        String chars = format.toString();
        int next = 0;
        int i = 0;
        while (i < chars.length()) {
            char c = chars.charAt(i);
            boolean brace = c == '{' || c == '}';
            if (brace && i + 1 < chars.length() && chars.charAt(i + 1) == c) {
                out.append(format, i, i + 1);
                i += 2;
            } else if (c == '{') {
                int end = chars.indexOf('}', i);
                if (end < 0) {
                    throw JinjaException.runtime("expected '}' before end of string");
                }
                String field = chars.substring(i + 1, end);
                Object value = field.isEmpty() ? positional(arguments, next++) : named(arguments, field);
                if (value == null) {
                    throw JinjaException.runtime("format has no value for '{" + field + "}'");
                }
                out.append(printer.str(value));
                i = end + 1;
            } else if (brace) {
                throw JinjaException.runtime("single '}' encountered in format string");
            } else {
                out.append(format, i, i + 1);
                i++;
            }
        }
        return out.toText();
    }

    private static @Nullable Object named(Arguments arguments, String field) {
        return field.matches("\\d{1,4}")
                ? positional(arguments, Integer.parseInt(field))
                : arguments.named().get(field);
    }

    private static @Nullable Object positional(Arguments arguments, int index) {
        return index < arguments.size() ? arguments.positional().get(index) : null;
    }
}
