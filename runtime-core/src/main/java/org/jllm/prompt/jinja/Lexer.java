package org.jllm.prompt.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.tokenizer.PythonText;

/** Cuts a template into tokens, with the white space rules of {@code trim_blocks} and {@code lstrip_blocks}. */
final class Lexer {
    private static final String SPACE = "[\\s\\x1c-\\x1f]";
    private static final Pattern RAW_BEGIN =
            pattern("\\{%[-+]?" + SPACE + "*raw" + SPACE + "*(?:-%}" + SPACE + "*|%})");
    private static final Pattern RAW_END =
            pattern("\\{%([-+]?)" + SPACE + "*endraw" + SPACE + "*(?:\\+%}|-%}" + SPACE + "*|%}\\n?)");
    private static final Pattern FLOAT =
            pattern("(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
    private static final Pattern INTEGER =
            pattern("0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
    private static final Pattern NAME = pattern("[\\p{L}\\p{Nl}_][\\w]*");
    private static final List<String> OPERATORS = List.of(
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private boolean lineStarting = true;

    private Lexer(String source) {
        String text = source.replace("\r\n", "\n").replace('\r', '\n');
        this.source = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
    }

    static List<Token> tokens(String source) {
        Lexer lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (true) {
            int begin = nextBegin();
            if (begin < 0) {
                data(source.substring(position));
                add(Token.Kind.END, "");
                return;
            }
            String text = source.substring(position, begin);
            char type = source.charAt(begin + 1);
            int after = begin + 2;
            char sign = after < source.length() ? source.charAt(after) : ' ';
            if (sign == '-' || sign == '+') {
                after++;
            }
            Matcher raw = RAW_BEGIN.matcher(source).region(begin, source.length());
            data(strip(text, sign, type == '{'));
            moveTo(begin);
            if (type == '%' && raw.lookingAt()) {
                moveTo(raw.end());
                raw();
            } else if (type == '#') {
                comment(after);
            } else {
                add(type == '{' ? Token.Kind.VARIABLE_BEGIN : Token.Kind.BLOCK_BEGIN, source.substring(begin, after));
                moveTo(after);
                expression(type == '{');
            }
        }
    }

    private int nextBegin() {
        for (int i = source.indexOf('{', position); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private String strip(String text, char sign, boolean variable) {
        if (sign == '-') {
            int end = text.length();
            while (end > 0 && PythonText.isSpace(text.charAt(end - 1))) {
                end--;
            }
            return text.substring(0, end);
        }
        if (sign != '+' && !variable) {
            int start = text.lastIndexOf('\n') + 1;
            if ((start > 0 || lineStarting) && text.substring(start).chars().allMatch(PythonText::isSpace)) {
                return text.substring(0, start);
            }
        }
        return text;
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            add(Token.Kind.DATA, text);
        }
    }

    private void raw() {
        Matcher end = RAW_END.matcher(source).region(position, source.length());
        if (!end.find()) {
            throw JinjaException.syntax(line, "missing end of raw directive");
        }
        String sign = end.group(1);
        data(strip(source.substring(position, end.start()), sign.isEmpty() ? ' ' : sign.charAt(0), false));
        moveTo(end.end());
    }

    private void comment(int start) {
        int end = source.indexOf("#}", start);
        if (end < 0) {
            throw JinjaException.syntax(line, "missing end of comment tag");
        }
        moveTo(closed(end + 2, end > start ? source.charAt(end - 1) : ' ', true));
    }

    /** Where a tag ends with the white space that it takes along. */
    private int closed(int end, char sign, boolean trim) {
        int closed = end;
        if (sign == '-') {
            while (closed < source.length() && PythonText.isSpace(source.charAt(closed))) {
                closed++;
            }
        } else if (sign != '+' && trim && closed < source.length() && source.charAt(closed) == '\n') {
            closed++;
        }
        return closed;
    }

    private void expression(boolean variable) {
        String end = variable ? "}}" : "%}";
        Deque<Character> open = new ArrayDeque<>();
        while (position < source.length()) {
            char c = source.charAt(position);
            if (open.isEmpty()) {
                boolean signed = c == '-' || (c == '+' && !variable);
                if (source.startsWith(end, signed ? position + 1 : position)) {
                    add(variable ? Token.Kind.VARIABLE_END : Token.Kind.BLOCK_END, end);
                    moveTo(closed(position + (signed ? 3 : 2), signed ? c : ' ', !variable));
                    return;
                }
            }
            if (PythonText.isSpace(c)) {
                moveTo(position + 1);
            } else if (c == '\'' || c == '"') {
                string(c);
            } else if (!number() && !match(NAME, Token.Kind.NAME)) {
                operator(open);
            }
        }
        throw JinjaException.syntax(line, "unexpected end of template, expected '" + end + "'");
    }

    private boolean number() {
        Matcher matcher = FLOAT.matcher(source).region(position, source.length());
        boolean afterDot = position > 0 && source.charAt(position - 1) == '.';
        if (!afterDot && matcher.lookingAt()) {
            add(Token.Kind.FLOAT, Double.valueOf(matcher.group().replace("_", "")));
            moveTo(matcher.end());
            return true;
        }
        matcher.usePattern(INTEGER);
        if (!matcher.lookingAt()) {
            return false;
        }
        String digits = matcher.group().replace("_", "").toLowerCase(java.util.Locale.ROOT);
        int radix = digits.startsWith("0x") ? 16 : digits.startsWith("0o") ? 8 : digits.startsWith("0b") ? 2 : 10;
        try {
            add(Token.Kind.INTEGER, Long.valueOf(radix == 10 ? digits : digits.substring(2), radix));
        } catch (NumberFormatException e) {
            throw JinjaException.syntax(line, "the integer " + digits + " is too large");
        }
        moveTo(matcher.end());
        return true;
    }

    private boolean match(Pattern pattern, Token.Kind kind) {
        Matcher matcher = pattern.matcher(source).region(position, source.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        add(kind, matcher.group());
        moveTo(matcher.end());
        return true;
    }

    private void string(char quote) {
        int end = position + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw JinjaException.syntax(line, "a string is not closed");
        }
        add(Token.Kind.STRING, Characters.unescape(source.substring(position + 1, end), line));
        moveTo(end + 1);
    }

    private void operator(Deque<Character> open) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, position)) {
                char c = operator.charAt(0);
                if ("([{".indexOf(c) >= 0) {
                    open.push(c == '(' ? ')' : c == '[' ? ']' : '}');
                } else if (")]}".indexOf(c) >= 0 && (open.isEmpty() || open.pop() != c)) {
                    throw JinjaException.syntax(line, "unexpected '" + c + "'");
                }
                add(Token.Kind.OPERATOR, operator);
                moveTo(position + operator.length());
                return;
            }
        }
        String found = Character.toString(source.codePointAt(position));
        throw JinjaException.syntax(line, "unexpected char '" + found + "'");
    }

    private void add(Token.Kind kind, Object value) {
        tokens.add(new Token(kind, value, line));
    }

    private void moveTo(int end) {
        for (int i = position; i < end; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        if (end > position) {
            lineStarting = source.charAt(end - 1) == '\n';
        }
        position = end;
    }
}
