package org.jllm.prompt.jinja;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A parsed template. Safe for use by several threads. */
public final class Template {
    private static final int MOST_CHARS = 1 << 20;

    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Parses a template.
     *
     * @throws JinjaException if it is not Jinja; the message begins with the line
     */
    public static Template parse(String source) {
        if (source.length() > MOST_CHARS) {
            throw JinjaException.syntax(1, "the template has more than " + MOST_CHARS + " characters");
        }
        try {
            return new Template(Parser.parse(source));
        } catch (StackOverflowError e) {
            throw JinjaException.syntax(1, "the template is nested too deeply");
        }
    }

    /**
     * Renders the template.
     *
     * @param variables values: {@link Text}, {@link Boolean}, {@link Long}, {@link Double}, lists and maps of such, and
     *     {@link java.util.Optional#empty()} for Python's None
     * @throws JinjaException if the template refuses its variables, or does too much
     */
    public Text render(Map<String, ?> variables, Clock clock) {
        Map<String, Object> values = new LinkedHashMap<>();
        variables.forEach((name, value) -> values.put(name, value(value)));
        try {
            return new Interpreter(clock, values).render(statements);
        } catch (JinjaException e) {
            throw e;
        } catch (StackOverflowError | ArithmeticException e) {
            throw JinjaException.limit("the chat template does too much");
        } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw JinjaException.runtime("an operation does not fit its values: " + e.getMessage());
        }
    }

    private static Object value(Object value) {
        if (value instanceof List<?> list) {
            return Sequence.list(list.stream().map(Template::value).toList());
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> result = new LinkedHashMap<>();
            map.forEach((key, element) -> result.put(Text.of(key.toString()), value(element)));
            return result;
        } else if (value instanceof Optional) {
            return None.NONE;
        }
        return value;
    }
}
