package org.jllm.prompt.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jllm.tokenizer.PythonText;

/** Jinja's filters. */
final class Filters {
    /** A filter: the value before the bar, and the arguments. */
    interface Filter {
        Object apply(Interpreter in, Object value, Arguments arguments);
    }

    static final Map<String, Filter> NAMES = filters();

    private Filters() {}

    private static Map<String, Filter> filters() {
        Map<String, Filter> filters = new TreeMap<>(SequenceFilters.filters());
        filters.put(
                "trim",
                (in, value, arguments) ->
                        StringMethods.strip(in.print(value), arguments.get(0, "chars", None.NONE), true, true));
        filters.put("upper", (in, value, arguments) -> in.print(value).map(run -> run.toUpperCase(Locale.ROOT)));
        filters.put("lower", (in, value, arguments) -> in.print(value).map(run -> run.toLowerCase(Locale.ROOT)));
        filters.put("capitalize", (in, value, arguments) -> StringMethods.capitalize(in.print(value)));
        filters.put("title", (in, value, arguments) -> title(in.print(value)));
        filters.put("string", (in, value, arguments) -> in.print(value));
        filters.put("safe", (in, value, arguments) -> in.print(value));
        filters.put("escape", (in, value, arguments) -> escape(in, value));
        filters.put("e", (in, value, arguments) -> escape(in, value));
        filters.put("replace", (in, value, arguments) -> in.strings().replace(in.print(value), arguments));
        filters.put("indent", Filters::indent);
        filters.put(
                "format",
                (in, value, arguments) -> new PercentFormat(in.printer())
                        .format(
                                in.print(value),
                                arguments.named().isEmpty()
                                        ? Sequence.tuple(arguments.positional())
                                        : texts(arguments.named())));
        filters.put("truncate", Filters::truncate);
        filters.put(
                "wordcount", (in, value, arguments) -> wordCount(in.print(value).toString()));
        filters.put(
                "center",
                (in, value, arguments) -> in.call(
                        java.util.Objects.requireNonNull(in.strings().find(in.print(value), "center")),
                        Arguments.of(arguments.integer(0, "width", 80))));
        filters.put("int", Filters::toInt);
        filters.put("float", Filters::toFloat);
        filters.put(
                "abs",
                (in, value, arguments) -> Values.isTrue(in.values().compare("<", value, 0L))
                        ? in.arithmetic().unary("-", value)
                        : in.arithmetic().unary("+", value));
        filters.put("round", Rounding::round);
        filters.put("default", Filters::orDefault);
        filters.put("d", Filters::orDefault);
        filters.put(
                "attr",
                (in, value, arguments) -> in.members()
                        .attributeOnly(value, arguments.text(0, "name").toString()));
        filters.put("tojson", Filters::toJson);
        return filters;
    }

    private static Map<Object, Object> texts(Map<String, Object> named) {
        Map<Object, Object> result = new LinkedHashMap<>();
        named.forEach((name, value) -> result.put(Text.of(name), value));
        return result;
    }

    private static Text title(Text text) {
        TextBuilder out = new TextBuilder();
        boolean start = true;
        for (int i = 0; i < text.length(); i++) {
            String c = text.toString().substring(i, i + 1);
            out.append(start ? c.toUpperCase(Locale.ROOT) : c.toLowerCase(Locale.ROOT), text.isContent(i));
            start = PythonText.isSpace(c.charAt(0)) || "-({[<".contains(c);
        }
        return out.toText();
    }

    private static Text escape(Interpreter in, Object value) {
        return in.print(value)
                .map(run -> run.replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("'", "&#39;")
                        .replace("\"", "&#34;"));
    }

    private static Object indent(Interpreter in, Object value, Arguments arguments) {
        arguments.allow("indent", "width", "first", "blank");
        Object width = arguments.get(0, "width", 4L);
        Text indentation = width instanceof Text text
                ? text
                : (Text) in.arithmetic().binary("*", Text.of(" "), Values.asInteger(width));
        boolean first = Values.isTrue(arguments.get(1, "first", false));
        boolean blank = Values.isTrue(arguments.get(2, "blank", false));
        Text text = new TextBuilder().append(Values.asText(value)).append("\n").toText();
        TextBuilder out = new TextBuilder();
        List<Object> lines = Splitter.lines(text, false);
        for (int i = 0; i < lines.size(); i++) {
            Text line = (Text) lines.get(i);
            in.budget().chars(indentation.length() + 1L);
            out.append(i == 0 ? "" : "\n");
            out.append(
                    i == 0 ? (first ? indentation : Text.EMPTY) : blank || !line.isEmpty() ? indentation : Text.EMPTY);
            out.append(line);
        }
        return out.toText();
    }

    private static Object truncate(Interpreter in, Object value, Arguments arguments) {
        arguments.allow("truncate", "length", "killwords", "end", "leeway");
        Text text = in.print(value);
        long length = arguments.integer(0, "length", 255);
        Text end = Values.asText(arguments.get(2, "end", Text.of("...")));
        Object leeway = arguments.get(3, "leeway", None.NONE);
        if (length < end.size()) {
            throw JinjaException.runtime("truncate: expected a length of at least " + end.size() + ", not " + length);
        } else if (text.size() <= length + (leeway instanceof None ? 5 : Values.asInteger(leeway))) {
            return text;
        }
        Text kept = text.slice(0, text.offset((int) (length - end.size())));
        int space = kept.toString().lastIndexOf(' ');
        if (!Values.isTrue(arguments.get(1, "killwords", false)) && space >= 0) {
            kept = kept.slice(0, space);
        }
        return new TextBuilder().append(kept).append(end).toText();
    }

    private static long wordCount(String text) {
        return java.util.regex.Pattern.compile("\\w+", java.util.regex.Pattern.UNICODE_CHARACTER_CLASS)
                .matcher(text)
                .results()
                .count();
    }

    private static Object toInt(Interpreter in, Object value, Arguments arguments) {
        Object otherwise = arguments.get(0, "default", 0L);
        int base = (int) arguments.integer(1, "base", 10);
        if (value instanceof Text text) {
            String digits = text.toString().strip().replaceAll("(?<=\\w)_(?=\\w)", "");
            String prefix = base == 16 ? "0x" : base == 8 ? "0o" : "0b";
            if (base != 10 && digits.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                digits = digits.substring(2);
            }
            try {
                return Long.parseLong(digits, base);
            } catch (NumberFormatException e) {
                Object number = toFloat(in, value, Arguments.of(None.NONE));
                return number instanceof Double real && Double.isFinite(real) ? (Object) real.longValue() : otherwise;
            }
        }
        Number number = Values.number(value);
        if (number == null || !Double.isFinite(number.doubleValue())) {
            return otherwise;
        }
        return number.longValue();
    }

    private static Object toFloat(Interpreter in, Object value, Arguments arguments) {
        Object otherwise = arguments.get(0, "default", 0.0);
        Number number = Values.number(value);
        if (number != null) {
            return number.doubleValue();
        } else if (value instanceof Text text
                && text.toString().strip().matches("[+-]?(\\d[\\d_]*\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
            return Double.parseDouble(text.toString().strip().replace("_", ""));
        }
        return otherwise;
    }

    private static Object orDefault(Interpreter in, Object value, Arguments arguments) {
        arguments.allow("default", "default_value", "boolean");
        boolean falsy = Values.isTrue(arguments.get(1, "boolean", false)) && !Values.isTrue(value);
        return value instanceof Undefined || falsy ? arguments.get(0, "default_value", Text.EMPTY) : value;
    }

    private static Object toJson(Interpreter in, Object value, Arguments arguments) {
        arguments.allow("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        Object indent = arguments.get(1, "indent", None.NONE);
        String step = indent instanceof None
                ? null
                : indent instanceof Text text
                        ? text.toString()
                        : " ".repeat((int) Math.max(0, Math.min(100, Values.asInteger(indent))));
        String item = step == null ? ", " : ",";
        String key = ": ";
        if (arguments.get(2, "separators", None.NONE) instanceof Sequence separators && separators.size() == 2) {
            item = Values.asText(separators.get(0)).toString();
            key = Values.asText(separators.get(1)).toString();
        }
        boolean ascii = Values.isTrue(arguments.get(0, "ensure_ascii", false));
        boolean sorted = Values.isTrue(arguments.get(3, "sort_keys", false));
        return new PythonJson(in.budget(), ascii, step, item, key, sorted).dump(value);
    }

    /** Parts of an attribute path: {@code a.b.0}. */
    static List<Object> path(Object attribute) {
        if (!(attribute instanceof Text text)) {
            return attribute instanceof None ? List.of() : List.of(attribute);
        }
        List<Object> parts = new ArrayList<>();
        for (String part : text.toString().split("\\.", -1)) {
            parts.add(part.matches("\\d{1,9}") ? (Object) Long.valueOf(part) : Text.of(part));
        }
        return parts;
    }
}
