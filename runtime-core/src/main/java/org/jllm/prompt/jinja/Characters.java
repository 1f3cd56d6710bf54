package org.jllm.prompt.jinja;

/** What Python says of characters. */
final class Characters {
    private Characters() {}

    /** {@code str.splitlines} ends a line here. */
    static boolean isLineEnd(char c) {
        return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** {@code str.isprintable}. */
    static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /** {@code str.isdigit}: decimal digits, and superscripts and the like. */
    static boolean isDigit(int c) {
        int value = Character.getNumericValue(c);
        return Character.isDigit(c) || (Character.getType(c) == Character.OTHER_NUMBER && value >= 0 && value <= 9);
    }

    /** {@code str.isnumeric}. */
    static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return Character.isDigit(c)
                || type == Character.OTHER_NUMBER
                || type == Character.LETTER_NUMBER
                || "〇零一二三四五六七八九十百千万億兆".indexOf(c) >= 0;
    }

    /** The value of a string literal, escapes resolved as Python does. */
    static String unescape(String literal, int line) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < literal.length()) {
            char c = literal.charAt(i++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = literal.charAt(i++);
            int simple = "abfnrtv\\'\"".indexOf(escape);
            int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
            if (simple >= 0) {
                text.append("\u0007\b\f\n\r\t\u000B\\'\"".charAt(simple));
            } else if (digits > 0) {
                text.appendCodePoint(hex(literal, i, digits, line));
                i += digits;
            } else if (escape >= '0' && escape <= '7') {
                int value = escape - '0';
                for (int n = 0;
                        n < 2 && i < literal.length() && literal.charAt(i) >= '0' && literal.charAt(i) <= '7';
                        n++) {
                    value = value * 8 + literal.charAt(i++) - '0';
                }
                text.append((char) value);
            } else if (escape != '\n') {
                text.append('\\').append(escape);
            }
        }
        return text.toString();
    }

    private static int hex(String literal, int start, int digits, int line) {
        int value = 0;
        for (int i = start; i < start + digits; i++) {
            int digit = i < literal.length() ? Character.digit(literal.charAt(i), 16) : -1;
            value = value * 16 + digit;
            if (digit < 0 || value > Character.MAX_CODE_POINT) {
                throw JinjaException.syntax(line, "a string has an escape that is no character");
            }
        }
        return value;
    }
}
