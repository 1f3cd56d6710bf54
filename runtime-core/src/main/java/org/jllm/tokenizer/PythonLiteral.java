package org.jllm.tokenizer;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Reads a string or bytes literal of Python, as {@code repr} writes it. */
final class PythonLiteral {
    private final String text;
    private final boolean isBytes;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int at;

    private PythonLiteral(String text, int at, boolean isBytes) {
        this.text = text;
        this.at = at;
        this.isBytes = isBytes;
    }

    /** The bytes of a literal, a string's in UTF-8; null if it is none. */
    static byte @Nullable [] bytes(String literal) {
        boolean isBytes = literal.startsWith("b");
        int start = isBytes ? 1 : 0;
        if (literal.length() < start + 2
                || "'\"".indexOf(literal.charAt(start)) < 0
                || literal.charAt(literal.length() - 1) != literal.charAt(start)) {
            return null;
        }
        return new PythonLiteral(literal.substring(0, literal.length() - 1), start + 1, isBytes).read();
    }

    private byte @Nullable [] read() {
        while (at < text.length()) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            int value = c == '\\' ? escape() : c;
            if (value < 0 || (isBytes && value > 0xFF) || value > Character.MAX_CODE_POINT) {
                return null;
            }
            if (isBytes) {
                out.write(value);
            } else {
                out.writeBytes(Utf8.encode(Character.toString(value)));
            }
        }
        return out.toByteArray();
    }

    private int escape() {
        if (at == text.length()) {
            return -1;
        }
        return switch (text.charAt(at++)) {
            case '\\' -> '\\';
            case '\'' -> '\'';
            case '"' -> '"';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            case 'U' -> hexadecimal(8);
            default -> -1;
        };
    }

    private int hexadecimal(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at++), 16) : -1;
            if (digit < 0 || value > Character.MAX_CODE_POINT) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
